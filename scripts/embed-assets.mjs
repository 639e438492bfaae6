#!/usr/bin/env node
// Makes a C source of the built web client and of docs/openapi.json: node scripts/embed-assets.mjs OUT.c OPENAPI.json [FOLDER]
//
// Each file is embedded as it is and, where that is shorter, compressed; src/web/assets.c serves them. Without a folder (the client is
// not built) only the description of the API is embedded.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
  ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
};
// Compressing a little less than this saves nothing.
const WORTH_PACKING = 0.95;

const [out, openapi, folder] = process.argv.slice(2);
const packedFolder = `${out}.packed`;

function filesIn(where, prefix = "/") {
  return readdirSync(where, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(where, entry.name), `${prefix}${entry.name}/`) : [[prefix + entry.name, join(where, entry.name)]]);
}

const files = [["/api/v1/openapi.json", openapi]];
if (folder && existsSync(folder)) files.push(...filesIn(folder));

mkdirSync(packedFolder, { recursive: true });
const text = ["/* Made by scripts/embed-assets.mjs. */", '#include "web/embedded.h"', ""];
const rows = [];
const quoted = (value) => JSON.stringify(value);
files.forEach(([path, file], index) => {
  const type = TYPES[extname(path)];
  if (!type) throw new Error(`${file}: files of this kind are not served; add its type to scripts/embed-assets.mjs`);
  const bytes = readFileSync(file);
  const packed = gzipSync(bytes, { level: 9 });
  const worth = packed.length < bytes.length * WORTH_PACKING;
  const packedFile = join(packedFolder, `${index}.gz`);
  writeFileSync(packedFile, worth ? packed : "");
  for (const [name, source] of [[`asset_${index}`, file], [`packed_${index}`, packedFile]])
    text.push(`__asm__(".section .rodata\\n.balign 16\\n${name}_start:\\n.incbin \\"${source}\\"\\n${name}_end:\\n.byte 0\\n.previous\\n");`,
      `extern const char ${name}_start[], ${name}_end[];`);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 20);
  // esbuild writes eight capitals and digits of a hash before the ending.
  const hashed = /[-.][A-Z0-9]{8}\.[a-z0-9]+$/.test(path);
  rows.push(`    {${quoted(path)}, ${quoted(type)}, ${quoted(hash)}, ${hashed}, asset_${index}_start, asset_${index}_end, packed_${index}_start, packed_${index}_end},`);
});
text.push("", "const EmbeddedAsset embedded_assets[] = {", ...rows, "};",
  "const size_t embedded_asset_count = sizeof embedded_assets / sizeof *embedded_assets;", "");
writeFileSync(out, text.join("\n"));
