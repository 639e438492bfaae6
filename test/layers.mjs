#!/usr/bin/env node
// Checks who includes what: `node test/layers.mjs [PROJECT_ROOT]`. Run by every full build and by CTest.
//
// A room is a folder of src/; it includes only rooms that stand to its left, as this table says. The same table stands in
// docs/architecture.md for people.
import { readdirSync, readFileSync } from "node:fs";
import { join, basename } from "node:path";

// room: what it may include besides itself. An entry with a path allows that one header of a room only.
const ROOMS = {
  base: [],
  io: ["base"],
  ingest: ["base", "io"],
  sample: ["base", "io"],
  catalog: ["base", "io", "ingest"],
  question: ["base", "io", "catalog"],
  guard: ["base", "io", "catalog"],
  engine: ["base", "io", "guard/guard.h"],
  answer: ["base", "io", "catalog", "question/plan.h", "question/compile.h"],
  learn: ["base", "io", "question/plan.h", "answer/answer.h", "answer/freeze.h"],
  investigate: ["base", "io", "catalog", "question", "guard", "engine", "answer"],
  ops: ["base", "io", "ingest", "sample", "catalog", "question", "guard", "engine", "answer", "learn", "investigate", "ops.h", "ask.h"],
  cli: ["base", "io/line_editor.h", "ops/chat.h", "ops.h", "ask.h"],
  web: ["base", "io/file.h", "io/clock.h", "ops/pool.h", "ops/learning.h", "ops.h", "ask.h"],
  mcp: ["base", "ops.h", "ask.h"],
};
// Files directly in src/: `ops` and `ask` stand right of all rooms and left of the doors.
const EVERY_ROOM = Object.keys(ROOMS).filter((room) => !["ops", "cli", "web", "mcp"].includes(room));
const TOP_FILES = {
  "main.c": ["base", "cli", "web/serve.h", "engine/engine.h"],
  "ask.c": [...EVERY_ROOM, "ops", "ops.h", "ask.h"],
  "ask.h": [...EVERY_ROOM, "ops", "ops.h"],
  "ops.c": [...EVERY_ROOM, "ops", "ask.h", "ops.h"],
  "ops.h": [...EVERY_ROOM],
};

// Foreign headers. Each is included by the one file named here, so that a library can be replaced in one place.
// A header that is not listed and that is not the C library's or POSIX's own is refused.
const FOREIGN = {
  "duckdb.h": "io/duck.c",
  "json-c/": "base/json.c",
  "zip.h": "io/",
  "openssl/": "io/",
  "sqlite3.h": "io/",
  "curl/": "io/",
  "microhttpd.h": "web/http.c",
  "seccomp.h": "engine/",
  "zlib.h": "io/",
  "zstd.h": "io/",
  "histedit.h": "io/line_editor.c",
};
const SYSTEM = new Set(
  ("assert ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbool stddef " +
    "stdint stdio stdlib stdnoreturn string strings threads time uchar wchar wctype " +
    "dirent dlfcn fcntl fnmatch ftw getopt glob langinfo libgen poll pthread pwd regex sched semaphore spawn sysexits termios unistd")
    .split(" ")
    .map((name) => `${name}.h`),
);
const SYSTEM_FOLDERS = ["sys/", "linux/", "netinet/", "arpa/"];

// Pure: [["io/duck.c", text], ...] to a list of complaints.
export function complaints(files) {
  const found = [];
  const foreignUsers = new Map();
  for (const [file, text] of files) {
    const allowed = file.includes("/") ? [file.split("/")[0], ...(ROOMS[file.split("/")[0]] ?? [])] : TOP_FILES[file];
    if (!allowed || (file.includes("/") && !(file.split("/")[0] in ROOMS))) {
      found.push(`${file}: not a room of the table in test/layers.mjs`);
      continue;
    }
    text.split("\n").forEach((line, index) => {
      const match = /^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>|(\S+))/.exec(line);
      if (!match) return;
      const where = `${file}:${index + 1}`;
      const [, ours, theirs] = match;
      if (ours) {
        const room = ours.split("/")[0];
        const known = ours.includes("/") ? room in ROOMS : ours in TOP_FILES;
        if (!known) found.push(`${where}: "${ours}" is no header of a room (write the room, as in "base/text.h")`);
        else if (!allowed.includes(room) && !allowed.includes(ours)) found.push(`${where}: may not include "${ours}"`);
      } else if (theirs) {
        if (SYSTEM.has(theirs) || SYSTEM_FOLDERS.some((folder) => theirs.startsWith(folder))) return;
        const key = Object.keys(FOREIGN).find((name) => theirs === name || (name.endsWith("/") && theirs.startsWith(name)));
        if (!key) found.push(`${where}: <${theirs}> is a foreign header that test/layers.mjs does not list`);
        else if (file.endsWith(".h")) found.push(`${where}: a header of ours may not include <${theirs}>`);
        else if (FOREIGN[key].endsWith(".c") ? file !== FOREIGN[key] : !file.startsWith(FOREIGN[key]))
          found.push(`${where}: <${theirs}> is included only by ${FOREIGN[key]}${FOREIGN[key].endsWith(".c") ? "" : "*.c"}`);
        else foreignUsers.set(key, (foreignUsers.get(key) ?? new Set()).add(file));
      } else found.push(`${where}: an include by macro cannot be checked`);
    });
  }
  for (const [key, users] of foreignUsers)
    if (users.size > 1) found.push(`<${key}> is included by ${[...users].join(" and ")}: one file only`);
  return found;
}

// Faults that the check must see, so that it cannot go blind unnoticed.
function selfTest() {
  const faults = [
    [["base/text.c", '#include "io/duck.h"\n']],
    [["engine/run.c", '#include "guard/walk.h"\n']],
    [["cli/main.c", '#include "engine/engine.h"\n']],
    [["web/serve.c", '#include "cli/cli.h"\n']],
    [["catalog/catalog.c", '#include "ask.h"\n']],
    [["guard/walk.c", "#include <duckdb.h>\n"]],
    [["io/duck.h", "#include <duckdb.h>\n"]],
    [["io/a.c", "#include <zip.h>\n"], ["io/b.c", "# include <zip.h>\n"]],
    [["base/text.c", "#include <glib.h>\n"]],
    [["helpers/text.c", "#include <stdio.h>\n"]],
    [["io/a.c", '#include "a.h"\n']],
  ];
  for (const files of faults)
    if (complaints(files).length !== 1) throw new Error(`test/layers.mjs does not see the fault in ${JSON.stringify(files)}`);
  const good = [["engine/run.c", '#include "guard/guard.h"\n#include "io/duck.h"\n#include <stdio.h>\n']];
  if (complaints(good).length) throw new Error("test/layers.mjs refuses what is allowed");
}

function readSources(folder, prefix = "") {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = prefix + entry.name;
    if (entry.isDirectory()) return readSources(join(folder, entry.name), `${name}/`);
    return /\.[ch]$/.test(entry.name) ? [[name, readFileSync(join(folder, entry.name), "utf8")]] : [];
  });
}

if (basename(process.argv[1] ?? "") === "layers.mjs") {
  selfTest();
  const files = readSources(join(process.argv[2] ?? ".", "src"));
  const found = complaints(files);
  for (const complaint of found) console.error(`src/${complaint}`);
  if (!files.length) console.error("no source file found under src/");
  console.log(`${files.length} files checked, ${found.length} includes refused`);
  process.exit(found.length || !files.length ? 1 : 0);
}
