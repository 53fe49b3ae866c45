# Targets that look at the code: format, clang-tidy, cppcheck, coverage.
file(GLOB_RECURSE kehu_code CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/common/*.[ch] ${CMAKE_SOURCE_DIR}/schema/*.[ch]
     ${CMAKE_SOURCE_DIR}/server/*.[ch] ${CMAKE_SOURCE_DIR}/tui/*.[ch]
     ${CMAKE_SOURCE_DIR}/tests/*.[ch] ${CMAKE_SOURCE_DIR}/tools/*.[ch])
set(kehu_units ${kehu_code})
list(FILTER kehu_units INCLUDE REGEX "/(common|schema|server|tui)/.*\\.c$")
find_program(CLANG_FORMAT NAMES clang-format-14 clang-format)
find_program(RUN_CLANG_TIDY NAMES run-clang-tidy-14 run-clang-tidy)
find_program(CPPCHECK cppcheck)
if(CLANG_FORMAT)
  add_custom_target(format COMMAND ${CLANG_FORMAT} -i ${kehu_code} VERBATIM)
  add_custom_target(format-check
    COMMAND ${CLANG_FORMAT} --dry-run -Werror ${kehu_code} VERBATIM)
endif()
if(RUN_CLANG_TIDY)
  add_custom_target(clang-tidy
    COMMAND ${RUN_CLANG_TIDY} -quiet -p ${CMAKE_BINARY_DIR} ${kehu_units}
    VERBATIM)
endif()
if(CPPCHECK)
  add_custom_target(cppcheck
    COMMAND ${CPPCHECK} --project=${CMAKE_BINARY_DIR}/compile_commands.json
      --enable=warning,performance,portability --inline-suppr --quiet
      --error-exitcode=1 --std=c11 -j2
      --suppressions-list=${CMAKE_SOURCE_DIR}/cmake/cppcheck.txt
      -i${CMAKE_BINARY_DIR} VERBATIM)
endif()
