import type { Runs } from "@/api/client";
import { plural } from "@/components/format";
import { Lamp } from "@/components/Lamp";
import { Scroll } from "@/components/Scroll";
import { Time } from "@/components/Time";
import { wellness } from "@/status/service";

type Service = Runs["ServiceAnswer"];

/** Each service: its version, how it is, what it has room for and what it has not published yet. */
export const Services = ({ services }: { services: Service[] }) => (
  <Scroll label="Services">
    <table className="table">
      <thead><tr><th>Service</th><th>State</th><th className="right">Processes</th><th className="right" title="Messages that are committed and not published yet">Unpublished</th><th>Room for steps</th><th>Since</th></tr></thead>
      <tbody>
        {services.map((one) => (
          <tr key={one.service}>
            <td><strong>{one.service}</strong><span className="faint sm num" style={{ display: "block" }}>{one.versions.join(", ") || "no version heard"}</span></td>
            <td>
              <Lamp look={wellness(one)} />
              {Object.entries(one.unwell).map(([name, word]) => <span key={name} className="sm wait-tone" style={{ color: "var(--lamp)", display: "block" }}>{name}: {word}</span>)}
              {one.status === "down" && one.last_heard && <span className="faint sm" style={{ display: "block" }}>last heard <Time at={one.last_heard} /></span>}
            </td>
            <td className="right num">{one.workers}</td>
            <td className="right"><Unsent service={one} /></td>
            <td className="wide dim" style={{ minWidth: "14rem" }}>{room(one)}</td>
            <td className="dim"><Time at={one.since} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);

const room = (one: Service): string =>
  Object.entries(one.capabilities).map(([name, slots]) => `${name.split(".")[1]?.replaceAll("_", " ")} ${String(slots)}`).join(", ") || "takes no steps";

const Unsent = ({ service }: { service: Service }) => (
  <>
    <span className="num" title={plural(service.unsent, "message")}>{service.unsent.toLocaleString("en")}</span>
    {service.unsent > 0 && service.unsent_since && <span className="faint sm" style={{ display: "block" }}>oldest <Time at={service.unsent_since} /></span>}
  </>
);
