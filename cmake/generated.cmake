# What is made at build time: the pinyin table, the embedded migrations, the
# message catalogues.
set(gen ${CMAKE_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${gen})

set(KEHU_RIME /usr/share/rime-data/pinyin_simp.dict.yaml
    CACHE FILEPATH "Dictionary of rime-data-pinyin-simp")
set(KEHU_PINYIN_TABLE ${gen}/pinyin_table.c)
add_executable(make_pinyin ${CMAKE_SOURCE_DIR}/tools/make_pinyin.c)
add_custom_command(
  OUTPUT ${KEHU_PINYIN_TABLE}
  COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0
          $<TARGET_FILE:make_pinyin> ${KEHU_RIME} ${KEHU_PINYIN_TABLE}
  DEPENDS make_pinyin ${KEHU_RIME})

file(GLOB migrations CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/schema/migrations/*.sql)
list(SORT migrations)
set(KEHU_MIGRATIONS_TABLE ${gen}/migrations.c)
add_executable(make_migrations ${CMAKE_SOURCE_DIR}/tools/make_migrations.c)
add_custom_command(
  OUTPUT ${KEHU_MIGRATIONS_TABLE}
  COMMAND make_migrations ${KEHU_MIGRATIONS_TABLE} ${migrations}
  DEPENDS make_migrations ${migrations})

# One .po file a room, so that a room's texts stand with their translators.
find_program(MSGFMT msgfmt REQUIRED)
find_program(MSGCAT msgcat REQUIRED)
file(GLOB catalogues CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/po/zh_CN/*.po)
set(mo ${CMAKE_BINARY_DIR}/locale/zh_CN/LC_MESSAGES/kehu.mo)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/locale/zh_CN/LC_MESSAGES)
add_custom_command(
  OUTPUT ${mo}
  COMMAND ${MSGCAT} --use-first -o ${gen}/kehu.po ${catalogues}
  COMMAND ${MSGFMT} --check-format -o ${mo} ${gen}/kehu.po
  DEPENDS ${catalogues})
add_custom_target(catalogues ALL DEPENDS ${mo})

# The manual: pages for scdoc, filled in by the programs themselves. Without
# scdoc there is none, and everything else is built.
find_program(SCDOC scdoc)
set(KEHU_PAGES)
if(SCDOC)
  file(GLOB pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/packaging/man/*.scd)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/man)
  foreach(page ${pages})
    get_filename_component(name ${page} NAME_WLE)
    set(out ${CMAKE_BINARY_DIR}/man/${name})
    set(expand ${CMAKE_SOURCE_DIR}/packaging/man/expand)
    add_custom_command(
      OUTPUT ${out}
      COMMAND ${expand} ${page} ${CMAKE_BINARY_DIR}/bin ${CMAKE_SOURCE_DIR}
              > ${out}.scd
      COMMAND ${SCDOC} < ${out}.scd > ${out}
      DEPENDS ${page} ${expand} kehu kehud
              ${CMAKE_SOURCE_DIR}/config.example.yaml)
    list(APPEND KEHU_PAGES ${out})
  endforeach()
  add_custom_target(manual ALL DEPENDS ${KEHU_PAGES})
endif()
