// `npm run gen`: src/api/<service>.ts from openapi/<service>.json, which `./greenlight dev gen` writes.
// With --check nothing is written: what is out of date is named, and the exit code is 1.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const check = process.argv.includes("--check");
const folder = new URL("../", import.meta.url);
let stale = 0;
for (const name of readdirSync(new URL("openapi/", folder)).sort()) {
  const service = name.replace(".json", "");
  const written = readFileSync(new URL(`openapi/${name}`, folder), "utf8");
  const document = JSON.parse(written);
  const types = astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: true }));
  // `./greenlight dev check` reads the hash, so that it needs no Node to say that this is out of date.
  const hash = createHash("sha256").update(written).digest("hex");
  const text = `// Written by \`npm run gen\` from openapi/${name} ${hash}. Do not edit.\n\n${types}`;
  const target = new URL(`src/api/schema/${service}.ts`, folder);
  let known = "";
  try {
    known = readFileSync(target, "utf8");
  } catch {
    // Not there yet.
  }
  if (known === text) continue;
  stale += 1;
  console.log(`${check ? "out of date" : "written"}: src/api/schema/${service}.ts`);
  if (!check) writeFileSync(target, text);
}
process.exit(check && stale ? 1 : 0);
