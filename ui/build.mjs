// Bundles the web client: node ui/build.mjs OUTDIR
//
// Writes index.html, favicon.svg and the code and styles under names that hold a hash into OUTDIR: what such a name stands for never
// changes, so that a browser may keep it for ever. Fails when the code grows past what a first visit may cost.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
if (!out) {
    console.error("usage: node ui/build.mjs OUTDIR");
    process.exit(2);
}

// What must reach the browser before it can do anything, and all of the code together, compressed.
const CODE_LIMIT_BYTES = 450 * 1024;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const result = await build({
    absWorkingDir: here,
    entryPoints: { app: "src/main.tsx" },
    outdir: resolve(out),
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022"],
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".tsv": "text" },
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
});

const made = Object.keys(result.metafile.outputs).map((path) => relative(resolve(out), join(here, path)));
const named = (ending) => made.find((name) => name.startsWith("app-") && name.endsWith(ending));
writeFileSync(
    join(out, "index.html"),
    readFileSync(join(here, "index.html"), "utf8").replace("/app.js", `/${named(".js")}`).replace("/app.css", `/${named(".css")}`),
);
copyFileSync(join(here, "favicon.svg"), join(out, "favicon.svg"));

const code = made
    .filter((name) => name.endsWith(".js"))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name)), { level: 9 }).length, 0);
if (code > CODE_LIMIT_BYTES) {
    console.error(`the client's code is ${code} bytes compressed; ${CODE_LIMIT_BYTES} are allowed`);
    process.exit(1);
}
console.log(`ui: ${made.length + 2} files, ${code} bytes of code compressed`);
