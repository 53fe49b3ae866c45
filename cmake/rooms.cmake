# A room is one folder, one static library, one include root that holds links
# to just those rooms it may see.
function(kehu_walls name)
  set(root ${CMAKE_BINARY_DIR}/walls/${name})
  file(MAKE_DIRECTORY ${root})
  foreach(room ${ARGN})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${room} ${root}/${room} SYMBOLIC)
  endforeach()
endfunction()

function(kehu_room name)
  cmake_parse_arguments(R "" "" "USES;LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.c)
  list(FILTER sources EXCLUDE REGEX "/main\\.c$")
  kehu_walls(${name} ${name} ${R_USES})
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PRIVATE
                             ${CMAKE_BINARY_DIR}/walls/${name})
  target_link_libraries(${name} PUBLIC ${R_USES} ${R_LIBS})
endfunction()

function(kehu_program name room main)
  add_executable(${name} ${CMAKE_SOURCE_DIR}/${main})
  target_include_directories(${name} PRIVATE
                             ${CMAKE_BINARY_DIR}/walls/${room})
  target_link_libraries(${name} PRIVATE ${room})
endfunction()
