import { useState } from "react";
import { holds, useMe } from "@/api/session";
import { Choices } from "@/components/Choices";
import { Page } from "@/components/Page";
import { FromBriefToPublic } from "./FromBriefToPublic";
import { Money } from "./Money";
import { Waits } from "./Waits";
import "./insights.css";

const PERIODS = [["7", "7 days"], ["30", "30 days"], ["90", "90 days"]] as const;
type Period = (typeof PERIODS)[number][0];

/** What it costs, where briefs are lost on their way, and how long people let work wait: added up from what happened. */
export function Insights() {
  const me = useMe().data;
  const [period, setPeriod] = useState<Period>("30");
  const days = Number(period);
  return (
    <Page title="Insights" lead="Added up from the runs themselves, each time you look. Days are UTC." actions={<Choices label="Period" value={period} onChange={setPeriod} options={PERIODS} />}>
      {holds(me, "creator", "operator") && <Money days={days} />}
      <FromBriefToPublic days={days} />
      <Waits days={days} />
    </Page>
  );
}
