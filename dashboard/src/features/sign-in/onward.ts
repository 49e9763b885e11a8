/** Where to go on after signing in: the address that was wanted, and never one of another site, whatever a link says. */
export function onward(next: unknown, origin = location.origin): string {
  if (typeof next !== "string" || !URL.canParse(next, origin)) return "/";
  const { origin: whose, pathname, search, hash } = new URL(next, origin);
  const ours = whose === origin && !pathname.startsWith("//") && pathname !== "/sign-in";
  return ours ? pathname + search + hash : "/";
}
