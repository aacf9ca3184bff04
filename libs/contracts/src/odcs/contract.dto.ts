import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  Equals,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator';

/** The remedy of a rule, carried in its context. */
const remedy = (text: string): { readonly context: { readonly remedy: string } } => ({
  context: { remedy: text },
});

const LOGICAL_TYPES = [
  'string',
  'date',
  'timestamp',
  'time',
  'number',
  'integer',
  'object',
  'array',
  'boolean',
  // Newer than 3.1.
  'map',
  'vector',
] as const;

/** A pair of `customProperties`. */
export class CustomPropertyDto {
  @IsString({
    message: 'a custom property has no name',
    ...remedy('Give it property: NAME and value: VALUE'),
  })
  @IsNotEmpty({
    message: 'a custom property has no name',
    ...remedy('Give it property: NAME and value: VALUE'),
  })
  property!: string;

  @IsDefined({ message: 'a custom property has no value', ...remedy('Give it value: VALUE, or delete it') })
  value: unknown;
}

/** One column or field: the part of the standard's SchemaProperty that the pipeline reads. */
export class ItemsDto {
  @IsOptional()
  @IsIn(LOGICAL_TYPES, {
    message: 'logicalType $value is not in the standard',
    ...remedy('Use string, date, timestamp, time, number, integer, object, array or boolean'),
  })
  logicalType?: string;

  @IsOptional()
  @IsString({ message: 'physicalType is not text', ...remedy('Write a BigQuery type such as NUMERIC') })
  physicalType?: string;

  @IsOptional()
  @IsBoolean({
    message: 'required is neither true nor false',
    ...remedy('Write required: true, or delete the line'),
  })
  required?: boolean;

  @IsOptional()
  @IsBoolean({
    message: 'unique is neither true nor false',
    ...remedy('Write unique: true, or delete the line'),
  })
  unique?: boolean;

  @IsOptional()
  @IsBoolean({
    message: 'primaryKey is neither true nor false',
    ...remedy('Write primaryKey: true, or delete the line'),
  })
  primaryKey?: boolean;

  @IsOptional()
  @IsObject({
    message: 'logicalTypeOptions is not an object',
    ...remedy('Write options such as pattern: TEXT'),
  })
  logicalTypeOptions?: Readonly<Record<string, unknown>>;

  /** A list of values, or of objects with `value`; not judged here. */
  enum?: unknown;

  /** Of the quality rules, some are read as checks; not judged here. */
  quality?: unknown;

  @IsOptional()
  @IsString({
    message: 'physicalName is not text',
    ...remedy('Write the name of the column, or delete the line'),
  })
  physicalName?: string;

  @IsOptional()
  @IsArray({ message: 'properties is not a list', ...remedy('Write one entry "- name: …" for each field') })
  @ValidateNested({ each: true, message: 'a field is not an object', ...remedy('Write "- name: FIELD"') })
  @Type(() => PropertyDto)
  properties?: PropertyDto[];

  @IsOptional()
  @IsObject({
    message: 'items is not an object',
    ...remedy('Describe the elements: logicalType and physicalType'),
  })
  @ValidateNested()
  @Type(() => ItemsDto)
  items?: ItemsDto;

  @IsOptional()
  @IsArray({
    message: 'customProperties is not a list',
    ...remedy('Write "- property: NAME" and "value: VALUE"'),
  })
  @ValidateNested({
    each: true,
    message: 'a custom property is not an object',
    ...remedy('Write "- property: NAME"'),
  })
  @Type(() => CustomPropertyDto)
  customProperties?: CustomPropertyDto[];
}

export class PropertyDto extends ItemsDto {
  @IsString({ message: 'a column has no name', ...remedy('Add name: COLUMN') })
  @IsNotEmpty({ message: 'a column has no name', ...remedy('Add name: COLUMN') })
  name!: string;
}

/** The table. */
export class SchemaObjectDto {
  @IsString({ message: 'the table has no name', ...remedy('Add name: TABLE') })
  @IsNotEmpty({ message: 'the table has no name', ...remedy('Add name: TABLE') })
  name!: string;

  @IsOptional()
  @IsString({
    message: 'physicalName is not text',
    ...remedy('Write the name of the table, or delete the line'),
  })
  physicalName?: string;

  @IsOptional()
  @IsArray({ message: 'properties is not a list', ...remedy('Write one entry "- name: …" for each column') })
  @ValidateNested({ each: true, message: 'a column is not an object', ...remedy('Write "- name: COLUMN"') })
  @Type(() => PropertyDto)
  properties?: PropertyDto[];

  @IsOptional()
  @IsArray({
    message: 'customProperties is not a list',
    ...remedy('Write "- property: NAME" and "value: VALUE"'),
  })
  @ValidateNested({
    each: true,
    message: 'a custom property is not an object',
    ...remedy('Write "- property: NAME"'),
  })
  @Type(() => CustomPropertyDto)
  customProperties?: CustomPropertyDto[];
}

/**
 * The part of a contract file that the pipeline reads; everything else in it is kept and not judged.
 *
 * Source: Open Data Contract Standard, JSON schema of v3.1.0, read 2026-11-29.
 */
export class ContractDto {
  @Matches(/^v3\.[1-9][0-9]*\.[0-9]+$/, {
    message: 'apiVersion is $value',
    ...remedy('Write apiVersion: v3.1.0, or a newer version 3 of the standard'),
  })
  apiVersion!: string;

  @Equals('DataContract', { message: 'kind is $value', ...remedy('Write kind: DataContract') })
  kind!: string;

  @IsString({ message: 'the contract has no id', ...remedy('Add id: NAME, unique among your contracts') })
  id!: string;

  @IsString({
    message: 'version is not text',
    ...remedy('Write the version of the contract in quotes: version: "1.0.0"'),
  })
  version!: string;

  @IsString({ message: 'the contract has no status', ...remedy('Add status: active') })
  status!: string;

  @IsOptional()
  @IsArray({ message: 'schema is not a list', ...remedy('Write one entry "- name: TABLE"') })
  @ArrayMaxSize(1, { message: 'schema describes several tables', ...remedy('Keep one file for each table') })
  @ValidateNested({ each: true, message: 'the table is not an object', ...remedy('Write "- name: TABLE"') })
  @Type(() => SchemaObjectDto)
  schema?: SchemaObjectDto[];

  @IsOptional()
  @IsArray({
    message: 'customProperties is not a list',
    ...remedy('Write "- property: NAME" and "value: VALUE"'),
  })
  @ValidateNested({
    each: true,
    message: 'a custom property is not an object',
    ...remedy('Write "- property: NAME"'),
  })
  @Type(() => CustomPropertyDto)
  customProperties?: CustomPropertyDto[];
}
