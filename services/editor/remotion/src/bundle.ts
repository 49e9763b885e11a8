// Bundle the film for the browser, once for a build. Nothing is fetched.

import {existsSync, rmSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {bundle} from '@remotion/bundler';

const here = path.dirname(fileURLToPath(import.meta.url));
const outDir = path.join(here, 'bundle');
rmSync(outDir, {recursive: true, force: true});
await bundle({entryPoint: path.join(here, 'film', 'index.js'), outDir, enableCaching: false});
process.exit(existsSync(path.join(outDir, 'index.html')) ? 0 : 1);
