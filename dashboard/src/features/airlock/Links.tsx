import { type FormEvent, useState } from "react";
import { type Grant, type GuestLink, type Item, useLinks, useMakeLink, useRevokeLink } from "@/api/airlock";
import { holds, type Me } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { words } from "@/components/format";
import { Tag } from "@/components/Lamp";
import { Loaded, Trouble } from "@/components/States";
import { Time } from "@/components/Time";
import { complain, say } from "@/components/toasts";
import type { Look } from "@/status/tone";

const HOUR = 3600;
const LASTS = [[24 * HOUR, "A day"], [7 * 24 * HOUR, "A week"], [30 * 24 * HOUR, "30 days"]] as const;
const GRANTS = [["look", "Look"], ["note", "Look and write notes"], ["decide", "Look, write notes and decide"]] as const;
const MAY: Record<(typeof GRANTS)[number][0], Grant[]> = { look: ["look"], note: ["look", "note"], decide: ["look", "note", "decide"] };

/** Links for people without an account: each names a person, lasts so long, and is taken back at once. */
export function Links({ item, me }: { item: Item; me: Me }) {
  const [open, setOpen] = useState(false);
  const asked = useLinks(item.id, open);
  if (!holds(me, "reviewer", "publisher", "compliance_officer")) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Links …</Button>
      <Dialog open={open} close={() => setOpen(false)} wide title="Links for people without an account" says="Whoever has a link sees this item and nothing else. Their name is on every picture of the film.">
        {item.status === "open" && <Make item={item.id} />}
        <Loaded asked={asked} rows={2}>
          {(links) => (links.items.length ? <ul className="guests">{links.items.map((link) => <One key={link.id} link={link} item={item.id} />)}</ul> : <p className="dim">Nobody was given a link yet.</p>)}
        </Loaded>
        <div className="actions"><Button onClick={() => setOpen(false)}>Close</Button></div>
      </Dialog>
    </>
  );
}

function Make({ item }: { item: string }) {
  const make = useMakeLink(item);
  const [person, setPerson] = useState("");
  const [may, setMay] = useState<keyof typeof MAY>("look");
  const [lasts, setLasts] = useState<number>(LASTS[1][0]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ person: person.trim(), may: MAY[may], expires_in: lasts, uses: 5 }, { onSuccess: () => setPerson("") });
  };
  return (
    <form className="field" onSubmit={send}>
      <label htmlFor="guest">For whom</label>
      <input id="guest" className="input" maxLength={120} value={person} onChange={(event) => setPerson(event.target.value)} placeholder="A name or an address" />
      <div className="strip">
        <select className="input small" aria-label="What they may do" value={may} onChange={(event) => setMay(event.target.value as keyof typeof MAY)}>
          {GRANTS.map(([name, label]) => <option key={name} value={name}>{label}</option>)}
        </select>
        <select className="input small" aria-label="How long it works" value={lasts} onChange={(event) => setLasts(Number(event.target.value))}>
          {LASTS.map(([seconds, label]) => <option key={seconds} value={seconds}>{label}</option>)}
        </select>
        <Button tone="go" type="submit" disabled={!person.trim()} busy={make.isPending}>Make a link</Button>
      </div>
      {make.isError && <Trouble error={make.error} />}
      {make.data && <Address url={make.data.url} person={make.data.link.person} />}
    </form>
  );
}

/** The address of a new link: shown once, because only its hash is kept. */
const Address = ({ url, person }: { url: string; person: string }) => (
  <div className="note-line go-tone">
    <label htmlFor="guest-address">For {person}. It is shown this once: copy it now.</label>
    <div className="strip">
      <input id="guest-address" className="input mono" readOnly value={url} onFocus={(event) => event.target.select()} style={{ flex: "1 1 12rem" }} />
      <Button size="small" onClick={() => void navigator.clipboard?.writeText(url).then(() => say("Copied.", "go"))}>Copy</Button>
    </div>
  </div>
);

function One({ link, item }: { link: GuestLink; item: string }) {
  const revoke = useRevokeLink(item);
  const look = lookOf(link);
  return (
    <li>
      <span>
        <strong>{link.person}</strong> <Tag look={look} />
        <span className="faint sm"> may {link.may.map(words).join(", ")}; made by {link.created_by}, works until <Time at={link.expires_at} />{link.last_used_at ? <>, last used <Time at={link.last_used_at} /></> : ", never used"}</span>
      </span>
      {look === WORKS && <Button size="small" tone="stop" busy={revoke.isPending} onClick={() => revoke.mutate(link.id, { onError: complain })}>Take back {link.person}&rsquo;s link</Button>}
    </li>
  );
}

const WORKS: Look = { label: "Works", tone: "go", says: "Whoever has it gets in." };
const REVOKED: Look = { label: "Taken back", tone: "idle", says: "It opens nothing any more." };
const EXPIRED: Look = { label: "Expired", tone: "idle", says: "Its time is over." };
const lookOf = (link: GuestLink): Look => (link.revoked_at ? REVOKED : Date.parse(link.expires_at) < Date.now() ? EXPIRED : WORKS);
