/** What the curve shows: below this nothing is told apart, and no film for the web is louder than the top. */
const [FLOOR_LUFS, TOP_LUFS] = [-36, -6];

/** Where a loudness is drawn, from 0 at the top to 100 at the bottom. */
export const heightOf = (lufs: number): number => (100 * (TOP_LUFS - Math.min(TOP_LUFS, Math.max(FLOOR_LUFS, lufs)))) / (TOP_LUFS - FLOOR_LUFS);
