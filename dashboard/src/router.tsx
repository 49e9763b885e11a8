import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate, Outlet, type RouterHistory, useRouter } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useMe } from "./api/session";
import { Empty, Rows, Trouble } from "./components/States";
import { SignIn } from "./features/sign-in/SignIn";
import { Shell } from "./shell/Shell";

function Inside() {
  const me = useMe();
  if (me.isPending) return <div className="page"><Rows /></div>;
  if (me.data === undefined) return <div className="page"><Trouble error={me.error} again={() => void me.refetch()} /></div>;
  if (me.data === null) return <ToSignIn />;
  return <Shell me={me.data} />;
}

function ToSignIn() {
  const router = useRouter();
  // The address as it was: on the way it is the sign-in's own.
  const [next] = useState(() => router.latestLocation.href);
  return <Navigate to="/sign-in" search={{ next }} replace />;
}

const Missing = () => (
  <div className="page">
    <Empty title="There is no such page">Press ⌘K to go somewhere, or start at Home.</Empty>
  </div>
);

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing });
const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: SignIn });
const inside = createRoute({ getParentRoute: () => root, id: "inside", component: Inside });
const at = <P extends string, N extends string>(path: P, load: () => Promise<Record<N, () => ReactNode>>, name: N) =>
  createRoute({ getParentRoute: () => inside, path, component: lazyRouteComponent(load, name) });

const pages = [
  at("/", () => import("./features/home/Home"), "Home"),
  at("/new", () => import("./features/brief/NewBrief"), "NewBrief"),
  at("/screenplay", () => import("./features/screenplay/WriteScreenplay"), "WriteScreenplay"),
  at("/screenplay/$runId", () => import("./features/screenplay/ReadScreenplay"), "ReadScreenplay"),
  at("/runs", () => import("./features/runs/RunsPage"), "RunsPage"),
  at("/runs/$runId", () => import("./features/run/RunPage"), "RunPage"),
  at("/airlock", () => import("./features/airlock/Queue"), "Queue"),
  at("/airlock/$itemId", () => import("./features/airlock/Review"), "Review"),
  at("/published", () => import("./features/library/Published"), "Published"),
  at("/library", () => import("./features/library/LibraryPage"), "LibraryPage"),
  at("/policies", () => import("./features/policies/Policies"), "Policies"),
  at("/audit", () => import("./features/audit/Audit"), "Audit"),
  at("/workflows", () => import("./features/workflows/Workflows"), "Workflows"),
  at("/insights", () => import("./features/insights/Insights"), "Insights"),
  at("/system", () => import("./features/system/System"), "System"),
  at("/settings", () => import("./features/settings/Settings"), "Settings"),
];

export const makeRouter = (history?: RouterHistory) =>
  createRouter({
    history,
    routeTree: root.addChildren([signIn, inside.addChildren(pages)]),
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => <div className="page"><Trouble error={error} again={reset} /></div>,
  });
