// Builds what pages load into the folder given, from what package-lock.json names. The same sources give the same bytes.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const out = resolve(process.argv[2] ?? join(here, "../static"));
mkdirSync(out, { recursive: true });

const { css } = compile(join(here, "portal.scss"), {
  style: "compressed",
  charset: false,
  loadPaths: [join(modules, "govuk-frontend/dist"), here],
  quietDeps: true,
});
writeFileSync(join(out, "portal.css"), `${css.trim()}\n`);

await build({
  absWorkingDir: here,
  entryPoints: ["portal.mjs"],
  outfile: join(out, "portal.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  legalComments: "none",
});

copyFileSync(join(modules, "htmx.org/dist/htmx.min.js"), join(out, "htmx.js"));
copyFileSync(join(here, "favicon.svg"), join(out, "favicon.svg"));

const licence = (name, file) => {
  const { version } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  return `${name} ${version}\n\n${readFileSync(file, "utf8").trim()}\n`;
};
const ours = licence("govuk-frontend", join(here, "govuk-frontend.LICENSE.txt"));
const htmx = licence("htmx.org", join(modules, "htmx.org/LICENSE"));
writeFileSync(join(out, "licences.txt"), `portal.css and portal.js hold parts of ${ours}\nhtmx.js is ${htmx}`);
