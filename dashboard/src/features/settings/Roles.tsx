import { type FormEvent, useState } from "react";
import type { People as Shapes } from "@/api/client";
import { useRemoveRole, useRoles, useSaveRole } from "@/api/others";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { words } from "@/components/format";
import { Section } from "@/components/Page";
import { Scroll } from "@/components/Scroll";
import { Loaded, Trouble } from "@/components/States";
import { Time } from "@/components/Time";
import { type PersonRole, RoleBoxes } from "./People";

type Role = Shapes["CustomRoleView"];

/** The tenant's own roles: a name for several of the built-in ones, changed for all who hold it at once. */
export function Roles() {
  const asked = useRoles();
  const [editing, setEditing] = useState<Role | "new" | null>(null);
  return (
    <Section title="Roles of your own" side={<Button size="small" onClick={() => setEditing("new")}>Make a role …</Button>}>
      <Loaded asked={asked} rows={2}>
        {(roles) =>
          roles.length ? (
            <Scroll label="Roles of your own">
              <table className="table">
                <thead><tr><th>Name</th><th>May do what these do</th><th>Changed by</th><th>Changed</th></tr></thead>
                <tbody>
                  {roles.map((role) => (
                    <tr key={role.name}>
                      <td><button type="button" className="link" onClick={() => setEditing(role)}>{words(role.name)}</button></td>
                      <td className="wide dim" style={{ minWidth: "14rem" }}>{role.roles.map(words).join(", ")}</td>
                      <td className="dim">{role.changed_by}</td>
                      <td className="dim"><Time at={role.changed_at} /></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          ) : (
            <p className="dim">None. The built-in roles may be given one by one; a role of your own is a name for several of them.</p>
          )
        }
      </Loaded>
      {editing && <Edit role={editing === "new" ? null : editing} close={() => setEditing(null)} />}
    </Section>
  );
}

function Edit({ role, close }: { role: Role | null; close: () => void }) {
  const save = useSaveRole();
  const remove = useRemoveRole();
  const [name, setName] = useState(role?.name ?? "");
  const [roles, setRoles] = useState<PersonRole[]>((role?.roles ?? []).filter((one): one is PersonRole => one !== "service"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name, roles: roles }, { onSuccess: close });
  };
  const error = save.error ?? remove.error;
  return (
    <Dialog open close={close} title={role ? words(role.name) : "Make a role"} says="Whoever holds it may do what all of these may. A change counts at once for everybody who holds it.">
      <form onSubmit={submit} style={{ display: "grid", gap: "1rem" }}>
        {!role && <div className="field"><label htmlFor="role-name">Name</label><input id="role-name" className="input" required pattern="[a-z][a-z0-9_]{0,63}" title="Small letters, digits and _, beginning with a letter" value={name} onChange={(event) => setName(event.target.value)} placeholder="brand_manager" /></div>}
        <RoleBoxes roles={roles} change={setRoles} without="admin" />
        {error && <Trouble error={error} />}
        <div className="actions">
          {role && <Button tone="stop" busy={remove.isPending} onClick={() => remove.mutate(role.name, { onSuccess: close })}>Take {words(role.name)} away</Button>}
          <Button onClick={close}>Leave it</Button>
          <Button tone="go" type="submit" disabled={!roles.length} busy={save.isPending}>Save</Button>
        </div>
      </form>
    </Dialog>
  );
}
