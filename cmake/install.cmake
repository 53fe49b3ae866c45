# What a production system gets.
include(GNUInstallDirs)
install(TARGETS kehu kehud RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_BINARY_DIR}/locale/zh_CN/LC_MESSAGES/kehu.mo
        DESTINATION ${CMAKE_INSTALL_LOCALEDIR}/zh_CN/LC_MESSAGES)
