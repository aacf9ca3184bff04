import { isJsonObject as isObject } from '../../http/json-object.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export const isJsonObject = isObject as (value: unknown) => value is JsonObject;
