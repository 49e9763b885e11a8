import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Runs } from "@/api/client";
import { useAssets } from "@/api/others";
import { Button, ButtonLink } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { bytes, words } from "@/components/format";
import { Tag } from "@/components/Lamp";
import { Empty, Loaded } from "@/components/States";
import { Time } from "@/components/Time";
import { ORIGIN_LOOKS } from "@/status/origin";
import { Face, FileDialog } from "../run/Files";
import "../run/run.css";

type Asset = Runs["AssetAnswer"];
export const KINDS = ["all", "film", "picture", "sound", "text"] as const;
export const ORIGINS = ["any", "real", "sandbox", "offline", "upload"] as const;

interface Wanted {
  q: string;
  kind: (typeof KINDS)[number];
  origin: (typeof ORIGINS)[number];
}

/** Everything that runs made: what it is, who made it, where it came from and under which licence. */
export function Assets({ wanted, change }: { wanted: Wanted; change: (wanted: Partial<Wanted>) => void }) {
  const [open, setOpen] = useState<Asset | null>(null);
  const { q, kind, origin } = wanted;
  const asked = useAssets({ ...(q && { q }), ...(kind !== "all" && { kind }), ...(origin !== "any" && { origin }) });
  const filtered = !!q || kind !== "all" || origin !== "any";
  return (
    <>
      <div className="strip">
        <Choices label="Kind" value={kind} onChange={(now) => change({ kind: now })} options={[["all", "All"], ["film", "Films"], ["picture", "Pictures"], ["sound", "Sounds"], ["text", "Texts"]]} />
        <select className="input" style={{ flex: "0 1 auto" }} aria-label="Origin" value={origin} onChange={(event) => change({ origin: event.target.value as Wanted["origin"] })}>
          {ORIGINS.map((one) => <option key={one} value={one}>{one === "any" ? "Any origin" : ORIGIN_LOOKS[one].label}</option>)}
        </select>
      </div>
      <Loaded asked={{ ...asked, data: asked.data?.pages.flatMap((page) => page.items) }}>
        {(assets) =>
          assets.length ? (
            <>
              <ul className="list-rows">{assets.map((asset) => <Line key={asset.run_id + asset.id + asset.type} asset={asset} open={() => setOpen(asset)} />)}</ul>
              {asked.hasNextPage && <Button busy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>Older assets</Button>}
            </>
          ) : filtered ? (
            <Empty title="Nothing is like that" action={<Button onClick={() => change({ q: "", kind: "all", origin: "any" })}>Show all</Button>}>Try another word, kind or origin.</Empty>
          ) : (
            <Empty title="Nothing was made yet" action={<ButtonLink tone="go" to="/new">Write a brief</ButtonLink>}>Scripts, voices, music, clips and films come here as runs make them.</Empty>
          )
        }
      </Loaded>
      <FileDialog file={open} close={() => setOpen(null)}>
        {open && <Link className="button" to="/runs/$runId" params={{ runId: open.run_id }}>The run</Link>}
      </FileDialog>
    </>
  );
}

const Line = ({ asset, open }: { asset: Asset; open: () => void }) => (
  <li className="asset">
    <Face file={asset} />
    <div style={{ minWidth: 0 }}>
      <button type="button" className="link run-brief clip" title={asset.name} onClick={open}>{asset.name}</button>
      <div className="under">
        <span>{words(asset.type)}, {bytes(asset.size)}</span>
        <span>by {asset.made_by}</span>
        <Time at={asset.announced_at} />
      </div>
      <p className={asset.licence ? "dim sm" : "faint sm"}>{asset.licence ?? "No licence is noted."}</p>
    </div>
    <Tag look={ORIGIN_LOOKS[asset.origin as Runs["Origin"]]} />
  </li>
);
