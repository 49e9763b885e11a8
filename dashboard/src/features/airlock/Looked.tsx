import { Link } from "@tanstack/react-router";
import type { ItemDetail } from "@/api/airlock";
import { type Airlock, fileUrl } from "@/api/client";
import { useBriefs } from "@/api/runs";
import { plural, title } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { VERDICTS } from "@/status/item";
import { Accepting } from "./Accepting";
import { filmOf, ideasOf } from "./content";
import { lossesOf } from "./deciding";

interface Props {
  detail: ItemDetail;
  approving: boolean;
  ticked: string[];
  tick: (codes: string[]) => void;
  became?: Airlock["BulkView"];
}

/** One of several that are decided together: what it holds, what checks say of it, what it is less than; then what became of it. */
export function Looked({ detail, approving, ticked, tick, became }: Props) {
  const { item, verdict } = detail;
  const brief = useBriefs().get(item.run_id ?? "");
  const film = filmOf(detail);
  const idea = ideasOf(detail)[Number(detail.content.chosen) || 0];
  const blocked = approving && verdict.level === "blocked";
  return (
    <li className="looked">
      {film?.poster ? <img src={fileUrl(film.poster)} alt="" /> : <span className="looked-face" aria-hidden>{film ? "Film" : idea ? "Idea" : "Text"}</span>}
      <div style={{ minWidth: 0 }}>
        <Link to="/airlock/$itemId" params={{ itemId: item.id }} target="_blank" className="run-brief clip">{brief || item.title || title(item.gate)}</Link>
        <p className="dim sm">{idea ? `“${idea.hook}” ${idea.title}` : item.title}</p>
        <p className="faint sm">{title(item.gate)}, risk {item.risk}, by {item.requested_by}{item.findings > 0 && `, ${plural(item.findings, "finding")}`}</p>
        {verdict.findings.map((one, index) => <p key={index} className="sm wait-tone" style={{ color: "var(--lamp)" }}>{one.message}</p>)}
        {blocked && <p className="sm stop-tone" style={{ color: "var(--lamp)" }}>A rule forbids it: it is left out.</p>}
        {item.status !== "open" && !became && <p className="sm wait-tone" style={{ color: "var(--lamp)" }}>It was decided meanwhile: it is left out.</p>}
        {approving && !blocked && <Accepting losses={lossesOf(detail.downgrades)} accepted={ticked} accept={tick} send={() => undefined} back={() => undefined} />}
        {became && <p role="status">{whatBecame(became)}</p>}
      </div>
      {became ? <Lamp look={became.decided ? { label: "Decided", tone: "go", says: "" } : { label: "Refused", tone: "stop", says: "" }} /> : <Lamp look={VERDICTS[verdict.level]} />}
    </li>
  );
}

const whatBecame = ({ decided, refused }: Airlock["BulkView"]): string =>
  refused ? refused.detail : decided && !decided.closes ? `Counted. ${decided.missing} more must agree.` : "Decided on exactly these bytes.";
