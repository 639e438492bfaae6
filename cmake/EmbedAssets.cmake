# Embeds the built web client (build/<preset>/ui, made by the target `ui`) and docs/openapi.json in the program. Without a client the
# program serves its API alone, and says so.
find_program(NODE_PROGRAM NAMES node nodejs REQUIRED)
include(cmake/Ui.cmake OPTIONAL)
set(CURLEW_ASSETS_SOURCE ${CMAKE_BINARY_DIR}/embedded_assets.c)
set(assets_needed ${CMAKE_SOURCE_DIR}/scripts/embed-assets.mjs ${CMAKE_SOURCE_DIR}/docs/openapi.json)
if(CURLEW_UI_STAMP)
  list(APPEND assets_needed ${CURLEW_UI_STAMP})
endif()
add_custom_command(OUTPUT ${CURLEW_ASSETS_SOURCE}
  COMMAND ${NODE_PROGRAM} ${CMAKE_SOURCE_DIR}/scripts/embed-assets.mjs ${CURLEW_ASSETS_SOURCE} ${CMAKE_SOURCE_DIR}/docs/openapi.json
    ${CURLEW_UI_FOLDER}
  DEPENDS ${assets_needed} COMMENT "Embedding the web client" VERBATIM)
