import { type FormEvent, useState } from "react";
import type { People as Shapes } from "@/api/client";
import { useRemoveRole, useRoles, useSaveRole } from "@/api/others";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { words } from "@/components/format";
import { Section } from "@/components/Page";
import { Loaded, Trouble } from "@/components/States";
import { type Column, Table } from "@/components/Table";
import { Time } from "@/components/Time";
import { type PersonRole, RoleBoxes } from "./People";

type Role = Shapes["CustomRoleView"];

const columns = (edit: (role: Role) => void): Column<Role>[] => [
  { head: "Name", cell: (role) => <button type="button" className="link" onClick={() => edit(role)}>{words(role.name)}</button> },
  { head: "May do what these do", room: "14rem", dim: true, cell: (role) => role.roles.map(words).join(", ") },
  { head: "Changed by", dim: true, cell: (role) => role.changed_by },
  { head: "Changed", dim: true, cell: (role) => <Time at={role.changed_at} /> },
];

/** The tenant's own roles: a name for several of the built-in ones, changed for all who hold it at once. */
export function Roles() {
  const asked = useRoles();
  const [editing, setEditing] = useState<Role | "new" | null>(null);
  return (
    <Section title="Roles of your own" side={<Button size="small" onClick={() => setEditing("new")}>Make a role …</Button>}>
      <Loaded asked={asked} rows={2}>
        {(roles) =>
          roles.length ? (
            <Table label="Roles of your own" rows={roles} id={(role) => role.name} columns={columns(setEditing)} />
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
