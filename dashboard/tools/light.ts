/** A build whose first view weighs more than it may is no build: what makes it heavy is seen where it was added. */
import { gzipSync } from "node:zlib";

import type { Plugin, Rollup } from "vite";

/** Packed, as the edge hands it out: features.md has the number, and `bench.dashboard` measures it in Chromium. */
const MOST_KB = 200;
const HOME = "/src/features/home/Home.tsx";

export function light(): Plugin {
  return {
    name: "light",
    apply: "build",
    generateBundle(_options, bundle) {
      const parts = firstView(bundle).map((name) => ({ name, kb: weightOf(bundle[name]) / 1000 }));
      const all = parts.reduce((sum, part) => sum + part.kb, 0);
      if (all <= MOST_KB) return;
      const heaviest = parts.sort((one, other) => other.kb - one.kb).slice(0, 5);
      this.error(`The first view weighs ${all.toFixed(0)} kB and may weigh ${MOST_KB}: ${heaviest.map((one) => `${one.name} ${one.kb.toFixed(0)} kB`).join(", ")}`);
    },
  };
}

/** The scripts, styles and fonts that Home takes. */
function firstView(bundle: Rollup.OutputBundle): string[] {
  const files = Object.values(bundle);
  const taken = new Set(files.filter((file) => file.type === "asset" && file.fileName.endsWith(".woff2") && file.names.some((name) => /^(inter|bricolage)\.woff2$/.test(name))).map((file) => file.fileName));
  const take = (name: string) => {
    const file = bundle[name];
    if (taken.has(name) || file?.type !== "chunk") return;
    taken.add(name);
    for (const style of file.viteMetadata?.importedCss ?? []) taken.add(style);
    file.imports.forEach(take);
  };
  for (const file of files) if (file.type === "chunk" && (file.isEntry || file.facadeModuleId?.endsWith(HOME))) take(file.fileName);
  return [...taken];
}

const weightOf = (file: Rollup.OutputAsset | Rollup.OutputChunk | undefined): number => {
  if (!file) return 0;
  const bytes = Buffer.from(file.type === "chunk" ? file.code : file.source);
  return file.fileName.endsWith(".woff2") ? bytes.length : gzipSync(bytes, { level: 9 }).length;
};
