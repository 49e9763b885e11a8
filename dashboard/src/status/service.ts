import type { Runs } from "@/api/client";
import type { Look } from "./tone";

const UP: Look = { label: "Up", tone: "go", says: "It was heard within the last seconds, and what it leans on answers." };
const UNWELL: Look = { label: "Up, not well", tone: "wait", says: "It is heard, but something that it leans on does not answer as it should." };
const DOWN: Look = { label: "Down", tone: "stop", says: "It has not been heard for a while. Its steps wait, nothing is lost." };

export const wellness = (one: Pick<Runs["ServiceAnswer"], "status" | "unwell">): Look =>
  one.status === "down" ? DOWN : Object.keys(one.unwell).length ? UNWELL : UP;
