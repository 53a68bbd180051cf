import { type DescFile, type DescService, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ServiceImpl } from "@connectrpc/connect";
import type {
  ServerReflection,
  ServerReflectionRequest,
} from "./gen/grpc/reflection/v1/reflection_pb.js";

type Asked = ServerReflectionRequest["messageRequest"];

/** What describes the services: by file name, and which file declares a symbol. */
interface Descriptions {
  readonly files: ReadonlyMap<string, DescFile>;
  readonly fileOfSymbol: ReadonlyMap<string, DescFile>;
}

/**
 * The reflection protocol of gRPC: how `grpcurl` and the like learn what there is. Version 1; clients that know v1alpha only
 * need the files of `proto/`. No extensions: there are none here.
 */
export function reflectionService(
  services: readonly DescService[],
  /** What no service names and calls carry nevertheless: details of errors. */
  besides: readonly DescFile[],
): ServiceImpl<typeof ServerReflection> {
  const descriptions = describe([...services.map(({ file }) => file), ...besides]);
  const names = services.map(({ typeName }) => ({ name: typeName }));
  return {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        const { $typeName: _, ...originalRequest } = request;
        yield {
          validHost: request.host,
          originalRequest: { ...originalRequest },
          messageResponse: answer(request.messageRequest, names, descriptions),
        };
      }
    },
  };
}

function answer(
  asked: Asked,
  service: Array<{ name: string }>,
  { files, fileOfSymbol }: Descriptions,
) {
  switch (asked.case) {
    case "listServices":
      return { case: "listServicesResponse", value: { service } } as const;
    case "fileByFilename":
      return fileAnswer(files.get(asked.value), asked.value);
    case "fileContainingSymbol":
      return fileAnswer(fileOfSymbol.get(asked.value), asked.value);
    default:
      return failure(Code.Unimplemented, "there are no extensions here");
  }
}

function fileAnswer(file: DescFile | undefined, name: string) {
  if (file === undefined) return failure(Code.NotFound, `nothing is called ${name}`);
  const fileDescriptorProto = withImports(file).map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto } } as const;
}

const failure = (errorCode: Code, errorMessage: string) =>
  ({ case: "errorResponse", value: { errorCode, errorMessage } }) as const;

/** The file and all it rests on, itself first. */
function withImports(file: DescFile, seen = new Set<DescFile>()): DescFile[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return [file, ...file.dependencies.flatMap((other) => withImports(other, seen))];
}

function describe(named: readonly DescFile[]): Descriptions {
  const files = new Map<string, DescFile>();
  const fileOfSymbol = new Map<string, DescFile>();
  for (const file of named.flatMap((one) => withImports(one))) {
    files.set(`${file.name}.proto`, file);
    for (const message of file.messages) {
      fileOfSymbol.set(message.typeName, file);
      for (const { typeName } of message.nestedMessages) fileOfSymbol.set(typeName, file);
      for (const { typeName } of message.nestedEnums) fileOfSymbol.set(typeName, file);
    }
    for (const { typeName } of file.enums) fileOfSymbol.set(typeName, file);
    for (const service of file.services) {
      fileOfSymbol.set(service.typeName, file);
      for (const { name } of service.methods) fileOfSymbol.set(`${service.typeName}.${name}`, file);
    }
  }
  return { files, fileOfSymbol };
}
