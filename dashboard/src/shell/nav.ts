import { holds, type Me, type Role } from "@/api/session";

export interface Place {
  to: string;
  label: string;
  /** `g` and this key go there. */
  key: string;
  /** Who has something to do there; without it everybody. */
  roles?: Role[];
}

export const GROUPS: { title: string; places: Place[] }[] = [
  {
    title: "Work",
    places: [
      { to: "/", label: "Home", key: "h" },
      { to: "/new", label: "New brief", key: "n", roles: ["creator", "operator"] },
      { to: "/screenplay", label: "Screenplay", key: "y", roles: ["creator", "operator"] },
      { to: "/runs", label: "Runs", key: "r" },
      { to: "/airlock", label: "Airlock", key: "a" },
    ],
  },
  {
    title: "Films",
    places: [
      { to: "/published", label: "Published", key: "p" },
      { to: "/library", label: "Library", key: "l" },
    ],
  },
  {
    title: "Oversight",
    places: [
      { to: "/policies", label: "Policies", key: "o" },
      { to: "/audit", label: "Audit", key: "u", roles: ["compliance_officer", "operator"] },
      { to: "/workflows", label: "Workflows", key: "w" },
      { to: "/insights", label: "Insights", key: "i" },
      { to: "/system", label: "System", key: "s" },
      { to: "/settings", label: "Settings", key: "," },
    ],
  },
];

export const placesFor = (me: Me): Place[] =>
  GROUPS.flatMap((group) => group.places).filter((place) => !place.roles || holds(me, ...place.roles));
