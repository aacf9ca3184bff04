import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

/** Text. */
export const Text = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ type: String, ...options });

/** Text or null. */
export const TextOrNull = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  Text({ nullable: true, ...options });

/** An instant, RFC 3339. */
export const Instant = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  Text({ format: 'date-time', ...options });

/** A whole number that a double holds exactly. */
export const Count = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ type: 'integer', ...options });

/** Truth. */
export const Flag = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ type: Boolean, ...options });

/** A parameter of a query that may be absent. */
export const Optional = (options: ApiPropertyOptions = {}): PropertyDecorator =>
  ApiProperty({ required: false, ...options } as ApiPropertyOptions);
