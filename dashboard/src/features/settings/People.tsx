import { type FormEvent, useState } from "react";
import type { People as Shapes } from "@/api/client";
import { useAddPerson, usePeople, useRoles, useSavePerson, useSignInLink } from "@/api/others";
import type { Me } from "@/api/session";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { words } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Section } from "@/components/Page";
import { Several } from "@/components/Several";
import { Loaded, Trouble } from "@/components/States";
import { type Column, Table } from "@/components/Table";
import { Time } from "@/components/Time";
import { complain } from "@/components/toasts";

const ROLES = ["creator", "reviewer", "publisher", "compliance_officer", "operator", "admin"] as const;
export type PersonRole = (typeof ROLES)[number];
type Person = Shapes["UserView"];

const columns = (edit: (person: Person) => void): Column<Person>[] => [
  { head: "Name", cell: (person) => <><button type="button" className="link" onClick={() => edit(person)}>{person.display_name}</button> <span className="faint sm">{person.user_id}</span></> },
  { head: "Roles", room: "14rem", dim: true, cell: (person) => [...person.roles, ...person.custom_roles].map(words).join(", ") || "none" },
  { head: "State", cell: (person) => <Lamp look={person.disabled_at ? { label: "Disabled", tone: "stop", says: "Cannot sign in." } : { label: "Active", tone: "go", says: "" }} /> },
  { head: "Since", dim: true, cell: (person) => <Time at={person.created_at} /> },
];

export function People({ me }: { me: Me }) {
  const asked = usePeople();
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<Person | null>(null);
  return (
    <Section title="People" side={<Button size="small" onClick={() => setAdding(true)}>Add somebody …</Button>}>
      <Loaded asked={asked} rows={3}>
        {(people) => (
          <Table label="People" rows={people} id={(person) => person.user_id} columns={columns(setEditing)} />
        )}
      </Loaded>
      {adding && <Add close={() => setAdding(false)} />}
      {editing && <Edit person={editing} me={me} close={() => setEditing(null)} />}
    </Section>
  );
}

export const RoleBoxes = ({ legend = "May do what these do", roles, change, without }: { legend?: string; roles: PersonRole[]; change: (roles: PersonRole[]) => void; without?: PersonRole }) => (
  <fieldset className="roles">
    <legend>{legend}</legend>
    {ROLES.filter((role) => role !== without).map((role) => (
      <label key={role}>
        <input type="checkbox" className="check" checked={roles.includes(role)} onChange={(event) => change(event.target.checked ? [...roles, role] : roles.filter((one) => one !== role))} /> {words(role)}
      </label>
    ))}
  </fieldset>
);

function Add({ close }: { close: () => void }) {
  const add = useAddPerson();
  const [name, setName] = useState("");
  const [id, setId] = useState("");
  const [roles, setRoles] = useState<PersonRole[]>(["creator"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ user_id: id, display_name: name, roles }, { onSuccess: close });
  };
  return (
    <Dialog open close={close} title="Add somebody" says="They sign in with a link that you make for them, and set a password of their own.">
      <form onSubmit={submit} style={{ display: "grid", gap: "1rem" }}>
        <div className="field"><label htmlFor="person-name">Name</label><input id="person-name" className="input" required value={name} onChange={(event) => setName(event.target.value)} /></div>
        <div className="field"><label htmlFor="person-id">Signs in as</label><input id="person-id" className="input" required pattern="[A-Za-z0-9._@+\-]{1,64}" value={id} onChange={(event) => setId(event.target.value)} placeholder="anna or anna@example.org" /></div>
        <RoleBoxes roles={roles} change={setRoles} />
        {add.isError && <Trouble error={add.error} />}
        <div className="actions"><Button onClick={close}>Leave it</Button><Button tone="go" type="submit" busy={add.isPending}>Add {name || "them"}</Button></div>
      </form>
    </Dialog>
  );
}

function Edit({ person, me, close }: { person: Person; me: Me; close: () => void }) {
  const save = useSavePerson();
  const link = useSignInLink();
  const [roles, setRoles] = useState<PersonRole[]>(person.roles.filter((role): role is PersonRole => role !== "service"));
  const known = useRoles().data ?? [];
  const [own, setOwn] = useState(person.custom_roles);
  return (
    <Dialog open close={close} title={person.display_name} says={<>Signs in as <code>{person.user_id}</code>. Changes count at once, everywhere.</>}>
      <RoleBoxes roles={roles} change={setRoles} />
      {known.length > 0 && <Several label="Roles of your own" value={own} options={known.map((role) => role.name)} shown={words} onChange={setOwn} />}
      {link.data && (
        <div className="secret">
          <strong>Shown this once.</strong> It works once, until <Time at={link.data.expires_at} />:
          <br />
          <code>{link.data.url}</code>
        </div>
      )}
      {save.isError && <Trouble error={save.error} />}
      <div className="actions">
        {!person.disabled_at && <Button busy={link.isPending} onClick={() => link.mutate(person.user_id, { onError: complain })}>Make a sign-in link</Button>}
        {person.user_id !== me.user_id && (
          <Button tone={person.disabled_at ? undefined : "stop"} onClick={() => save.mutate({ id: person.user_id, disabled: !person.disabled_at }, { onSuccess: close })}>
            {person.disabled_at ? "Let them in again" : `Disable ${person.display_name}`}
          </Button>
        )}
        <Button tone="go" busy={save.isPending} onClick={() => save.mutate({ id: person.user_id, roles, custom_roles: own }, { onSuccess: close })}>Save</Button>
      </div>
    </Dialog>
  );
}
