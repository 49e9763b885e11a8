import { useQuery } from "@tanstack/react-query";
import { api, got, type Production } from "./client";
import { keys } from "./keys";

export type Upload = Production["Upload"];

/** What was brought along: music, footage and pictures, newest first. */
export const useUploads = () => useQuery({ queryKey: keys.uploads, queryFn: () => got(api.GET("/v1/uploads")), staleTime: 10_000 });
