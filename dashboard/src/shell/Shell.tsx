import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useAirlockStats, useKill } from "@/api/airlock";
import { stream, useLink, useStream } from "@/api/live";
import { holds, type Me, useFreshToken } from "@/api/session";
import { Button } from "@/components/Button";
import { Time } from "@/components/Time";
import { Toasts } from "@/components/toasts";
import { GROUPS, placesFor } from "./nav";
import { isDark, setTheme } from "./theme";
import { useKeysFirst } from "./useKeys";

/** Fetched when they are first opened: most visits never do. */
const Palette = lazy(() => import("./Palette").then((module) => ({ default: module.Palette })));
const Help = lazy(() => import("./Help").then((module) => ({ default: module.Help })));

/** The frame around every page: where one can go, what is wrong with the whole, and the keys that work everywhere. */
export function Shell({ me }: { me: Me }) {
  useStream(true);
  useFreshToken(true);
  const go = useNavigate();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const going = useRef(0);
  useFocusOnContent();
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setPalette((now) => !now);
      }
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, []);
  useKeysFirst(
    useCallback(
      (event) => {
        if (event.key === "?") return setHelp(true), true;
        if (event.key === "g") return (going.current = Date.now()), true;
        if (Date.now() - going.current > 2000) return false;
        going.current = 0;
        const place = placesFor(me).find((one) => one.key === event.key);
        if (place) void go({ to: place.to });
        return !!place;
      },
      [go, me],
    ),
  );
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <Rail me={me} search={() => setPalette(true)} help={() => setHelp(true)} />
      <div className="main">
        <Banners me={me} />
        <main id="content" tabIndex={-1} style={{ outline: "none" }}>
          <Outlet />
        </main>
      </div>
      <Tabs me={me} more={() => setPalette(true)} />
      {palette && (
        <Suspense>
          <Palette me={me} open close={() => setPalette(false)} />
        </Suspense>
      )}
      {help && (
        <Suspense>
          <Help me={me} open close={() => setHelp(false)} />
        </Suspense>
      )}
      <Toasts />
    </div>
  );
}

/** Another page has the focus when one comes to it, so that keys and screen readers go on there and not at the link. */
function useFocusOnContent(): void {
  const path = useLocation({ select: (location) => location.pathname });
  const first = useRef(true);
  useEffect(() => {
    const content = document.getElementById("content");
    if (!first.current && !content?.contains(document.activeElement)) content?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);
}

function Waiting() {
  const open = useAirlockStats().data?.by_status.open ?? 0;
  return open > 0 ? <span className="count" aria-label={`${open} waiting`}>{open > 99 ? "99+" : open}</span> : null;
}

function Rail({ me, search, help }: { me: Me; search: () => void; help: () => void }) {
  return (
    <aside className="rail">
      <Link to="/" className="wordmark">
        <i aria-hidden /> Greenlight
      </Link>
      <nav aria-label="Pages">
        {GROUPS.map((group) => (
          <ul key={group.title} aria-label={group.title}>
            {group.places
              .filter((place) => !place.roles || holds(me, ...place.roles))
              .map((place) => (
                <li key={place.to}>
                  <Link to={place.to} activeOptions={{ exact: place.to === "/" }} activeProps={{ "aria-current": "page" }}>
                    {place.label}
                    {place.to === "/airlock" && <Waiting />}
                  </Link>
                </li>
              ))}
          </ul>
        ))}
      </nav>
      <div className="rail-foot">
        <button type="button" className="rail-button" onClick={search}>
          Search <kbd>⌘K</kbd>
        </button>
        <button type="button" className="rail-button" onClick={() => setTheme(isDark() ? "light" : "dark")}>
          Dark or light
        </button>
        <button type="button" className="rail-button" onClick={help}>
          Shortcuts <kbd>?</kbd>
        </button>
        <div className="rail-me">
          <strong className="clip">{me.display_name ?? me.user_id}</strong>
          <span className="faint sm clip">{me.tenant === "default" ? me.user_id : `${me.user_id} · ${me.tenant}`}</span>
        </div>
      </div>
    </aside>
  );
}

const Tabs = ({ me, more }: { me: Me; more: () => void }) => (
  <nav className="tabs" aria-label="Pages on small screens">
    {(["/", "/runs", "/airlock", holds(me, "creator", "operator") ? "/new" : "/published"] as const).map((to) => (
      <Link key={to} to={to} activeOptions={{ exact: to === "/" }} activeProps={{ "aria-current": "page" }}>
        {{ "/": "Home", "/runs": "Runs", "/airlock": "Airlock", "/new": "New", "/published": "Posts" }[to]}
        {to === "/airlock" && <Waiting />}
      </Link>
    ))}
    <button type="button" onClick={more}>
      More
    </button>
  </nav>
);

function Banners({ me }: { me: Me }) {
  const link = useLink();
  const kill = useKill().data;
  return (
    <>
      {link === "lost" && (
        <div className="banner wait-tone" role="status">
          Not connected. What you see may be old; nothing is lost, and it goes on by itself.
          <Button size="small" onClick={() => stream.hurry()}>
            Try now
          </Button>
        </div>
      )}
      {kill?.stopped && (
        <div className="banner stop-tone" role="status">
          <span>
            Publishing is stopped{kill.everywhere ? " for the whole installation" : ""} by {kill.by} <Time at={kill.at} />: {kill.reason}
          </span>
          {holds(me) && <Link to="/settings">Settings</Link>}
        </div>
      )}
    </>
  );
}
