import { useState } from "react";
import { holds, useMe, useSignOut } from "@/api/session";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { words } from "@/components/format";
import { Page, Section } from "@/components/Page";
import { setTheme, type Theme, theme } from "@/shell/theme";
import { Away } from "./Away";
import { Keys } from "./Keys";
import { Money } from "./Money";
import { Password } from "./Password";
import { People } from "./People";
import { Roles } from "./Roles";
import { StopSwitch } from "./StopSwitch";
import "./settings.css";

/** Oneself, and for who may: people, keys, money, and the switch that stops everything. */
export function Settings() {
  const me = useMe().data;
  const signOut = useSignOut();
  const [shown, setShown] = useState<Theme>(theme);
  if (!me) return null;
  const admin = me.roles.includes("admin");
  return (
    <Page title="Settings">
      <Section title="You" side={<Button size="small" busy={signOut.isPending} onClick={() => signOut.mutate()}>Sign out</Button>}>
        <dl className="facts" style={{ marginBottom: "1.25rem" }}>
          <div><dt>Name</dt><dd>{me.display_name ?? me.user_id}</dd></div>
          <div><dt>Signs in as</dt><dd><code>{me.user_id}</code> in <code>{me.tenant}</code></dd></div>
          <div><dt>Roles</dt><dd>{me.roles.map(words).join(", ")}</dd></div>
        </dl>
        <div className="strip">
          <Choices label="Theme" value={shown} onChange={(next) => (setTheme(next), setShown(next))} options={[["system", "Like the system"], ["dark", "Dark"], ["light", "Light"]]} />
          <Password />
          <Away me={me} />
        </div>
      </Section>
      <Section title="Publishing"><StopSwitch mayStop={holds(me, "publisher")} mayRelease={admin} /></Section>
      {holds(me, "operator") && <Money />}
      {admin && <People me={me} />}
      {admin && <Roles />}
      {admin && <Keys />}
    </Page>
  );
}
