import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Item } from "@/api/airlock";
import { plural, title } from "@/components/format";
import { Tag } from "@/components/Lamp";
import { Time } from "@/components/Time";
import { heatTone, ITEM_STATUSES, riskTone, VERDICTS } from "@/status/item";
import "../runs/runs.css";
import "./airlock.css";

interface Props {
  item: Item;
  brief?: string;
  chosen?: boolean;
  pick?: ReactNode;
  /** How the queue was asked for, for the way back. */
  search?: true;
}

/** An item of the queue: what it is, how much it risks, how soon somebody should decide. */
export const ItemLine = ({ item, brief, chosen, pick, search }: Props) => (
  <li className={`item-line${chosen ? " chosen" : ""}${pick ? " pickable" : ""}`} data-item={item.id}>
    {pick}
    <div style={{ minWidth: 0 }}>
      <Link to="/airlock/$itemId" params={{ itemId: item.id }} search={search} className="run-brief clip">
        {brief || item.title || title(item.gate)}
      </Link>
      <div className="under">
        <span>{brief && item.title ? item.title : title(item.gate)}{item.revision > 1 && ` Revision ${item.revision}`}</span>
        <span>by {item.requested_by}</span>
        {item.findings > 0 && <span className={`${VERDICTS[item.verdict].tone}-tone`} style={{ color: "var(--lamp)" }}>{plural(item.findings, "finding")}</span>}
        {item.status === "open" && (item.escalated || item.reminded) && <span className="wait-tone" style={{ color: "var(--lamp)" }}>{item.escalated ? "escalated" : "reminded"}</span>}
        {item.claim && <span>{item.claim.by} is looking</span>}
        {item.hold && <span className="stop-tone" style={{ color: "var(--lamp)" }}>held: {item.hold.reason}</span>}
      </div>
    </div>
    <div className="item-right">
      {item.status === "open" ? (
        <>
          <span className={`risk ${riskTone(item.risk)}-tone`} title={`Risk ${item.risk} of 100`}>
            <i style={{ width: `${Math.max(3, item.risk)}%` }} />
            <b className="num">{item.risk}</b>
          </span>
          <span className={`sm ${heatTone(item)}-tone due`}>
            {item.overdue ? "overdue " : "due "}
            <Time at={item.due_at} />
          </span>
        </>
      ) : (
        <Tag look={ITEM_STATUSES[item.status]} />
      )}
    </div>
  </li>
);
