// Where a render's files may be: in one folder of its own below the one root that the editor and the worker share.

import {realpathSync, statSync} from 'node:fs';
import path from 'node:path';

import {Refused} from './drawing.js';

const ID = /^[a-f0-9]{32}$/;
export const CONTENT = 'picture.mp4';

/** The folder of a render below the root. The name is made of its id alone, which says nothing about paths. */
export function folderOf(root: string, id: string): string {
  if (!ID.test(id)) throw new Refused('A render is known by 32 hexadecimal digits.');
  return path.join(root, id);
}

/** The real path of a file that lies in the folder, also once links are followed. Anything else is refused. */
export function fileIn(folder: string, name: string): string {
  if (path.basename(name) !== name) throw new Refused(`${JSON.stringify(name)} is no name of a file.`);
  let real: string;
  try {
    real = realpathSync(path.join(folder, name));
    if (!statSync(real).isFile()) throw new Error('no file');
  } catch {
    throw new Refused(`There is no ${JSON.stringify(name)} in the render's folder.`);
  }
  if (path.dirname(real) !== realpathSync(folder)) throw new Refused(`${JSON.stringify(name)} leads out of its folder.`);
  return real;
}
