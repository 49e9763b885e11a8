// `npm run gen`: src/api/<service>.ts from openapi/<service>.json, which `./greenlight dev gen` writes.
// With --check nothing is written: what is out of date is named, and the exit code is 1.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const check = process.argv.includes("--check");
const folder = new URL("../", import.meta.url);
let stale = 0;
for (const name of readdirSync(new URL("openapi/", folder)).sort()) {
  const service = name.replace(".json", "");
  const document = JSON.parse(readFileSync(new URL(`openapi/${name}`, folder), "utf8"));
  const types = astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: true }));
  const text = `// Written by \`npm run gen\` from openapi/${name}. Do not edit.\n\n${types}`;
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
