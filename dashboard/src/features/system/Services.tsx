import type { Runs } from "@/api/client";
import { plural } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { type Column, Table } from "@/components/Table";
import { Time } from "@/components/Time";
import { wellness } from "@/status/service";

type Service = Runs["ServiceAnswer"];

const room = (one: Service): string =>
  Object.entries(one.capabilities).map(([name, slots]) => `${name.split(".")[1]?.replaceAll("_", " ")} ${String(slots)}`).join(", ") || "takes no steps";

const Unsent = ({ service }: { service: Service }) => (
  <>
    <span className="num" title={plural(service.unsent, "message")}>{service.unsent.toLocaleString("en")}</span>
    {service.unsent > 0 && service.unsent_since && <span className="faint sm" >oldest <Time at={service.unsent_since} /></span>}
  </>
);

const COLUMNS: Column<Service>[] = [
  { head: "Service", cell: (one) => <><strong>{one.service}</strong><span className="faint sm num">{one.versions.join(", ") || "no version heard"}</span></> },
  {
    head: "State",
    cell: (one) => (
      <>
        <Lamp look={wellness(one)} />
        {Object.entries(one.unwell).map(([name, word]) => <span key={name} className="sm wait-tone" style={{ color: "var(--lamp)", display: "block" }}>{name}: {word}</span>)}
        {one.status === "down" && one.last_heard && <span className="faint sm">last heard <Time at={one.last_heard} /></span>}
      </>
    ),
  },
  { head: "Processes", right: true, cell: (one) => one.workers },
  { head: "Unpublished", says: "Messages that are committed and not published yet", right: true, cell: (one) => <Unsent service={one} /> },
  { head: "Room for steps", room: "14rem", dim: true, cell: room },
  { head: "Since", dim: true, cell: (one) => <Time at={one.since} /> },
];

/** Each service: its version, how it is, what it has room for and what it has not published yet. */
export const Services = ({ services }: { services: Service[] }) => <Table label="Services" rows={services} id={(one) => one.service} columns={COLUMNS} />;
