/** What a screenplay is asked for with: the form's fields, what is wrong with them, and what is sent. Pure. */

export interface Asked {
  concept: string;
  genre: string;
  minutes: string;
  language: string;
  model: string;
}
export type Wrong = Partial<Record<keyof Asked, string>>;

export const EMPTY: Asked = { concept: "", genre: "", minutes: "10", language: "", model: "" };
export const CONCEPT_LIMIT = 10_000;
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

/** A sentence for each field that cannot be sent as it is; the services look again. */
export function wrongWith(asked: Asked): Wrong {
  const wrong: Wrong = {};
  const concept = asked.concept.trim();
  if (!/[\p{L}\p{N}]/u.test(concept)) wrong.concept = "A sentence about the film is needed.";
  else if ([...concept].length > CONCEPT_LIMIT) wrong.concept = `At most ${CONCEPT_LIMIT.toLocaleString("en")} characters; these are ${[...concept].length.toLocaleString("en")}.`;
  const minutes = Number(asked.minutes);
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 240) wrong.minutes = "A whole number of minutes, from 1 to 240.";
  if (asked.genre.trim().length > 60) wrong.genre = "A word or two, at most 60 characters.";
  if (asked.language.trim() && !LANGUAGE.test(asked.language.trim())) wrong.language = "A tag such as de or pt-BR.";
  return wrong;
}

/** The run's input: what was filled in, and nothing else. */
export function inputOf(asked: Asked): Record<string, unknown> {
  const given = { genre: asked.genre.trim(), language: asked.language.trim(), model: asked.model };
  return { brief: asked.concept.trim(), minutes: Number(asked.minutes), ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)) };
}
