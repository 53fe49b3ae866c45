# What a production system gets, and the Debian package of it (cpack in the
# build folder of the release preset).
include(GNUInstallDirs)
set(completion ${CMAKE_BINARY_DIR}/generated/kehu.bash)
add_custom_command(
  OUTPUT ${completion}
  COMMAND kehu completion bash > ${completion}
  DEPENDS kehu)
add_custom_target(completion ALL DEPENDS ${completion})

install(TARGETS kehu kehud RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_BINARY_DIR}/locale/zh_CN/LC_MESSAGES/kehu.mo
        DESTINATION ${CMAKE_INSTALL_LOCALEDIR}/zh_CN/LC_MESSAGES)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/kehud.service
        DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/config.example.yaml
              ${CMAKE_SOURCE_DIR}/README.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${completion}
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME kehu)

foreach(page ${KEHU_PAGES})
  string(REGEX REPLACE ".*\\." "" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME kehu)
set(CPACK_PACKAGE_CONTACT "kehu maintainers <kehu@example.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
    "Customer management in the terminal, for advertising agencies")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The daemon's private cluster; not needed where the database is elsewhere.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS postgresql-15)
include(CPack)
