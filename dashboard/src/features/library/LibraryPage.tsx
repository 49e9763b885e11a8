import { Choices } from "@/components/Choices";
import { Page } from "@/components/Page";
import { useAddress, useTyped } from "@/shell/address";
import { Assets, KINDS, ORIGINS } from "./Assets";
import { Films } from "./Films";
import "./library.css";

const SAID = { show: ["films", "assets"], q: "", kind: KINDS, origin: ORIGINS } as const;

/** What the studio has: finished films, found by what is said in them, and everything that was made for films. */
export function LibraryPage() {
  const [shown, show] = useAddress(SAID);
  const [typed, type] = useTyped(shown.q, (q) => show({ q }));
  const films = shown.show === "films";
  const hint = films ? "Search in what is said" : "Name, licence or maker";
  return (
    <Page title="Library">
      <div className="strip">
        <Choices label="What to show" value={shown.show} onChange={(now) => show({ show: now })} options={[["films", "Films"], ["assets", "Assets"]]} />
        <input className="input" type="search" placeholder={hint} aria-label={films ? "Search films" : "Search assets"} value={typed} onChange={(event) => type(event.target.value)} />
      </div>
      {films ? <Films query={shown.q} /> : <Assets wanted={shown} change={show} />}
    </Page>
  );
}
