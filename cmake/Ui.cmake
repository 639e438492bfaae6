# Bundles the web client of ui/ with esbuild into build/<preset>/ui: the target `ui`, and CURLEW_UI_STAMP for what depends on its files.
find_program(CURLEW_NODE NAMES node nodejs REQUIRED)
if(NOT EXISTS ${CMAKE_SOURCE_DIR}/node_modules/esbuild)
  message(FATAL_ERROR "esbuild is missing: run ./start.sh (or: npm ci --ignore-scripts)")
endif()
file(GLOB_RECURSE curlew_ui_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/ui/*)
set(CURLEW_UI_FOLDER ${CMAKE_BINARY_DIR}/ui)
set(CURLEW_UI_STAMP ${CMAKE_BINARY_DIR}/ui.stamp)
add_custom_command(
  OUTPUT ${CURLEW_UI_STAMP}
  COMMAND ${CURLEW_NODE} ${CMAKE_SOURCE_DIR}/ui/build.mjs ${CURLEW_UI_FOLDER}
  COMMAND ${CMAKE_COMMAND} -E touch ${CURLEW_UI_STAMP}
  DEPENDS ${curlew_ui_sources} ${CMAKE_SOURCE_DIR}/tables/currencies.tsv ${CMAKE_SOURCE_DIR}/package-lock.json
  COMMENT "Bundling the web client"
  VERBATIM)
add_custom_target(ui DEPENDS ${CURLEW_UI_STAMP})
