// Builds static/vendor/ from static/src/ and the packages in package-lock.json. Run by `make assets`.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as sass from "sass";

const DKFDS = "node_modules/dkfds";
const OUT = "static/vendor";
const FONTS = ["IBMPlexSans-Regular-Latin1.woff2", "IBMPlexSans-SemiBold-Latin1.woff2"];
const PAPER = ["IBMPlexSans-Regular.ttf", "IBMPlexSans-SemiBold.ttf"];
const ICONS = [
  "arrow-forward", "calendar-month", "check", "error", "file-pdf", "file-word", "flag", "info", "lock", "person", "plus",
  "search", "success", "warning",
];

rmSync(OUT, { recursive: true, force: true });
for (const folder of ["", "fonts", "icons"]) mkdirSync(join(OUT, folder), { recursive: true });

const compiled = sass.compile("static/src/portal.scss", {
  style: "compressed",
  loadPaths: ["node_modules"],
  quietDeps: true,
  silenceDeprecations: ["import", "global-builtin", "if-function"],
});

// The design system's own icons are background pictures: those that the style sheet still names come along.
let css = compiled.css;
for (const [, path] of css.matchAll(/url\("?(\.\.\/img\/svg-icons\/[^")]+)"?\)/g)) {
  const name = basename(path);
  copyFileSync(join(DKFDS, "dist/img/svg-icons", name), join(OUT, "icons", name));
  css = css.replaceAll(path, `icons/${name}`);
}
writeFileSync(join(OUT, "portal.css"), css);

const sprite = readFileSync(join(DKFDS, "dist/img/all-svg-icons.svg"), "utf8");
const symbols = ICONS.map((name) => {
  const found = sprite.match(new RegExp(`<symbol[^>]*id="${name}"[\\s\\S]*?</symbol>`));
  if (!found) throw new Error(`no icon named ${name}`);
  return found[0];
});
writeFileSync(join(OUT, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);

for (const font of FONTS) copyFileSync(join(DKFDS, "dist/fonts/IBMPlexSans/split/woff2", font), join(OUT, "fonts", font));
// The PDF documents are set in the same letters, from whole fonts.
mkdirSync(join(OUT, "paper"), { recursive: true });
for (const font of PAPER) copyFileSync(join(DKFDS, "src/fonts/IBMPlexSans/complete/ttf", font), join(OUT, "paper", font));
for (const own of ["portal.js", "assessing.js", "autosaving.js", "favicon.svg"]) copyFileSync(join("static/src", own), join(OUT, own));
copyFileSync("node_modules/htmx.org/dist/htmx.min.js", join(OUT, "htmx.min.js"));
