export type Theme = "dark" | "light" | "system";
const KEY = "greenlight.theme";

export function theme(): Theme {
  const chosen = localStorage.getItem(KEY);
  return chosen === "dark" || chosen === "light" ? chosen : "system";
}

/** Follow the system, or one of the two whatever it says. Remembered on this device. */
export function setTheme(chosen: Theme): void {
  if (chosen === "system") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, chosen);
    document.documentElement.dataset.theme = chosen;
  }
}

export const isDark = (): boolean =>
  theme() === "dark" || (theme() === "system" && !matchMedia("(prefers-color-scheme: light)").matches);
