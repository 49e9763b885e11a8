// Remotion's turn. `bundle` is done once, ahead; `render <cut.json> <out.mp4>` is what is measured.
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {bundle} from '@remotion/bundler';
import {openBrowser, renderMedia, selectComposition} from '@remotion/renderer';

const [what, browserExecutable, cutFile, outputLocation] = process.argv.slice(2);
const outDir = path.resolve('bundle');
if (what === 'bundle') {
  await bundle({entryPoint: path.resolve('src/index.jsx'), outDir, publicDir: path.resolve('public')});
  process.exit(existsSync(path.join(outDir, 'index.html')) ? 0 : 1);
}
const inputProps = {cut: JSON.parse(readFileSync(cutFile, 'utf8'))};
const common = {
  browserExecutable,
  chromeMode: 'headless-shell',
  chromiumOptions: {gl: 'angle', headless: true},
  logLevel: 'error',
};
const browser = await openBrowser('chrome', common);
const options = {serveUrl: outDir, inputProps, puppeteerInstance: browser, ...common};
const composition = await selectComposition({id: 'Cut', ...options});
await renderMedia({
  composition,
  codec: 'h264',
  crf: 20,
  x264Preset: 'veryfast',
  colorSpace: 'bt709',
  concurrency: 2,
  outputLocation,
  ...options,
});
await browser.close({silent: true});
process.exit(0);
