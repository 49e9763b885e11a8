// How one scene gives way to the next, by the same rules as `editor/transitions.py`: frame `n` of `frames` shared ones.

export type Edge = {colour: string; left: number; top: number; width: number; height: number};

/** Where the two scenes are on a frame, in pixels of the film, and what moves between them. */
export type Moment = {
  leaving: {x: number; y: number; scale: number; shown: boolean};
  coming: {x: number; y: number; scale: number; shown: boolean; circle: number | null};
  edges: Edge[];
};

const PUNCH = 0.22;

export type Size = {width: number; height: number};
export type Colours = {panel: string; edge: string};

export function momentOf(name: string, n: number, frames: number, size: Size, colours: Colours): Moment {
  const {width, height} = size;
  const share = (n + 1) / (frames + 1);
  const half = Math.floor(frames / 2);
  const lit = 2 * Math.round(width / 96);
  switch (name) {
    case 'cut':
      return still(true);
    case 'push_up':
      return moved({y: -height * eased(share)}, {y: height * (1 - eased(share))});
    case 'push_left':
      return moved({x: -width * eased(share)}, {x: width * (1 - eased(share))});
    case 'cover_up': {
      const at = height * (1 - eased(share));
      return {...moved({}, {y: at}), edges: [{colour: colours.edge, left: 0, top: at - lit, width, height: lit}]};
    }
    case 'panel_left': {
      const at = width * Math.cos(Math.PI * share);
      const edge = {colour: colours.edge, left: at - lit, top: 0, width: width + 2 * lit, height};
      return {...still(n >= half), edges: [edge, {colour: colours.panel, left: at, top: 0, width, height}]};
    }
    case 'panel_up': {
      const at = height * Math.cos(Math.PI * share);
      const edge = {colour: colours.edge, left: 0, top: at - lit, width, height: height + 2 * lit};
      return {...still(n >= half), edges: [edge, {colour: colours.panel, left: 0, top: at, width, height}]};
    }
    case 'punch': {
      const rest = frames - half;
      const into = PUNCH * ((n + 1) / half) ** 3;
      const out = PUNCH * ((rest - (n - half)) / (rest + 1)) ** 3;
      return n < half ? moved({scale: nearer(into)}, {shown: false}) : moved({shown: false}, {scale: nearer(out)});
    }
    case 'iris':
      return moved({}, {circle: 10 * (Math.hypot(width / 10, height / 10) / 2 + 1) * eased(share)});
    default:
      throw new Error(`There is no transition ${JSON.stringify(name)}.`);
  }
}

/** From 0 to 1, slow at both ends. */
export function eased(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}

/** A share of 0.1 leaves 5 % of each side out. */
function nearer(share: number): number {
  return 1 / (1 - share);
}

function still(changed: boolean): Moment {
  return moved({shown: !changed}, {shown: changed});
}

function moved(leaving: Partial<Moment['leaving']>, coming: Partial<Moment['coming']>): Moment {
  return {
    leaving: {x: 0, y: 0, scale: 1, shown: true, ...leaving},
    coming: {x: 0, y: 0, scale: 1, shown: true, circle: null, ...coming},
    edges: [],
  };
}
