/** The letters of the interface, and no more: what the first look at a page has to wait for. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import subset from "subset-font";
import type { Plugin } from "vite";

interface Font {
  name: string;
  from: string;
  /** Weights that styles ask for: one, or all between two. */
  weights: number | { min: number; max: number };
  /** Besides what letters need to stand beside each other. */
  features: string[];
}

const PLAIN = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "liga"];
const FONTS: Font[] = [
  { name: "inter", from: "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", weights: { min: 400, max: 600 }, features: ["tnum"] },
  { name: "bricolage", from: "@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2", weights: 600, features: [] },
];
/** Western Europe's letters, punctuation, arrows and money; `fonts.css` says the same. All else comes from files that are asked for when somebody writes it. */
const RANGES: [number, number][] = [[0x20, 0x7e], [0xa0, 0xff], [0x131, 0x131], [0x152, 0x153], [0x2bb, 0x2bc], [0x2c6, 0x2c6], [0x2da, 0x2da], [0x2dc, 0x2dc], [0x2000, 0x206f], [0x20ac, 0x20ac], [0x2122, 0x2122], [0x2190, 0x2193], [0x2212, 0x2212], [0x2215, 0x2215], [0xfffd, 0xfffd]];
const LETTERS = RANGES.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index))).join("");
const modules = new URL("../node_modules/", import.meta.url);

const FOLDER = fileURLToPath(new URL(".fonts/", modules));

/** `@fonts/<name>.woff2` in styles, and a line in the page's head that asks for them before styles are read. */
export function fonts(): Plugin {
  return {
    name: "fonts",
    async config() {
      await cut();
      return { resolve: { alias: { "@fonts/": FOLDER } } };
    },
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) =>
        Object.values(bundle ?? {}).flatMap((file) =>
          file.type === "asset" && FONTS.some(({ name }) => file.names.includes(`${name}.woff2`))
            ? [{ tag: "link", injectTo: "head-prepend", attrs: { rel: "preload", href: `/${file.fileName}`, as: "font", type: "font/woff2", crossorigin: true } }]
            : [],
        ),
    },
  };
}

/** Cut them out of the whole fonts, unless that is done. */
async function cut(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await Promise.all(
    FONTS.map(async ({ name, from, weights, features }) => {
      const target = `${FOLDER}${name}.woff2`;
      const whole = await readFile(new URL(from, modules));
      const made = `${target}.${createHash("sha256").update(whole).update(JSON.stringify([weights, features, LETTERS])).digest("hex").slice(0, 16)}`;
      if (existsSync(made) && existsSync(target)) return;
      const small = await subset(whole, LETTERS, { targetFormat: "woff2", variationAxes: { wght: weights }, keepFeatures: [...PLAIN, ...features], noHinting: true });
      await writeFile(`${target}.new`, small);
      await rename(`${target}.new`, target);
      await writeFile(made, "");
    }),
  );
}
