# What curlew takes from Debian (pkg-config, OpenSSL) and from npm (the DuckDB library and its C header).
find_package(PkgConfig REQUIRED)
pkg_check_modules(jsonc REQUIRED IMPORTED_TARGET json-c)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(libedit REQUIRED IMPORTED_TARGET libedit)
pkg_check_modules(libcurl REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(microhttpd REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(seccomp REQUIRED IMPORTED_TARGET libseccomp)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  set(duckdb_arch arm64)
else()
  set(duckdb_arch x64)
endif()
set(duckdb_library ${CMAKE_SOURCE_DIR}/node_modules/@duckdb/node-bindings-linux-${duckdb_arch}/libduckdb.so)
set(duckdb_header_folder ${CMAKE_SOURCE_DIR}/node_modules/duckdb/src/duckdb/src/include)
if(NOT EXISTS ${duckdb_library} OR NOT EXISTS ${duckdb_header_folder}/duckdb.h)
  message(FATAL_ERROR "libduckdb or duckdb.h is missing: run ./start.sh (or: npm ci --ignore-scripts)")
endif()
# Only io/duck.c includes duckdb.h: the header's folder also holds DuckDB's C++ internals, so it is copied out.
configure_file(${duckdb_header_folder}/duckdb.h ${CMAKE_BINARY_DIR}/duckdb/duckdb.h COPYONLY)
add_library(duckdb SHARED IMPORTED GLOBAL)
set_target_properties(duckdb PROPERTIES
  IMPORTED_LOCATION ${duckdb_library}
  IMPORTED_NO_SONAME ON
  INTERFACE_INCLUDE_DIRECTORIES ${CMAKE_BINARY_DIR}/duckdb)
# Found beside the program when both are installed together, else where npm put it: seen from build/<preset>, so that the
# project's folder may be moved, and by its full path.
set(duckdb_folder node_modules/@duckdb/node-bindings-linux-${duckdb_arch})
set(CMAKE_BUILD_RPATH "$ORIGIN/../../${duckdb_folder};${CMAKE_SOURCE_DIR}/${duckdb_folder}")
set(CMAKE_INSTALL_RPATH "$ORIGIN")
