// Bundles the pages into a folder (default: static/ beside this file) and prints what each file weighs.
// Names carry a hash of their content, so that everything but index.html may be cached for good. The
// output is committed and depends on nothing but the sources and the lock file: a test builds it again.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "static"));

await mkdir(out, { recursive: true });
for (const name of await readdir(out)) await rm(join(out, name), { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: { main: "src/main.ts", page: "src/styles/page.css" },
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome123", "firefox121", "safari17.5"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  write: true,
});

const fileOf = (path) => path.split("/").at(-1);
const entries = {};
let preloads = "";
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) entries[output.entryPoint] = fileOf(path);
  if (output.entryPoint !== "src/main.ts") continue;
  // Fetched beside the entry, which would otherwise have to arrive first to name them.
  const needed = output.imports.filter(({ kind }) => kind === "import-statement").map((imported) => fileOf(imported.path));
  preloads = needed.sort().map((file) => `\n    <link rel="modulepreload" href="/static/${file}">`).join("");
}
const template = await readFile(join(here, "src/index.html"), "utf8");
const page = template
  .replace("{{preloads}}", preloads)
  .replace("{{script}}", `/static/${entries["src/main.ts"]}`)
  .replace("{{style}}", `/static/${entries["src/styles/page.css"]}`);
await writeFile(join(out, "index.html"), page);
await writeFile(join(out, "icon.svg"), await readFile(join(here, "src/icon.svg")));

// The server hands out the compressed file beside an asset by itself.
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } };
for (const name of (await readdir(out)).sort()) {
  const compressed = brotliCompressSync(await readFile(join(out, name)), quality);
  console.log(`${String(compressed.length).padStart(8)} ${name}`);
  if (/\.(js|css)$/.test(name)) await writeFile(join(out, `${name}.br`), compressed);
}
