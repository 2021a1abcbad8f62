@testable import WeirBackends

/// What an engine sends, as any bytes. The first byte says what the rest is and how it is cut into chunks; everything that
/// the launcher decodes is fed with it: the stream of events, logs, lists, inspections, refusals.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDocker(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    guard let choice = input.first else { return 0 }
    let body = Array(input.dropFirst())
    switch choice % 4 {
    case 0: events(body, chunkBytes: Int(choice) / 4 + 1)
    case 1: logs(body)
    case 2: lists(body)
    default: answers(body)
    }
    return 0
}

/// Lines are the same however the stream was cut; none is longer than the limit.
private func events(_ body: [UInt8], chunkBytes: Int) {
    var cut = ByteLines(limitBytes: 1024)
    var whole = ByteLines(limitBytes: 1024)
    var lines: [[UInt8]] = []
    var rest = body[...]
    while !rest.isEmpty {
        lines += cut.take(Array(rest.prefix(chunkBytes)))
        rest = rest.dropFirst(chunkBytes)
    }
    precondition(lines == whole.take(body), "the chunks decide what the lines are")
    for line in lines {
        precondition(line.count <= 1024, "a line beyond the limit")
        _ = DockerWire.mattersToList(line)
        _ = DockerWire.pullError(line)
    }
    if let line = cut.finish() { _ = DockerWire.mattersToList(line) }
}

private func logs(_ frames: [UInt8]) {
    precondition(DockerWire.output(frames: frames).count <= frames.count, "more came out than went in")
    let tail = DockerWire.logTail(frames: frames)
    precondition(tail.count <= DockerLimits.logLines, "more lines than are wanted")
}

private func lists(_ body: [UInt8]) {
    guard let containers = try? DockerWire.containers(body) else { return }
    for container in containers {
        _ = container.belongs(to: "fleet", group: "group")
        _ = container.templateVersion
        _ = container.instance
    }
}

private func answers(_ body: [UInt8]) {
    _ = try? DockerWire.inspection(body)
    _ = try? DockerWire.created(body)
    _ = DockerWire.oldestVersion(body)
    _ = DockerWire.message(body)
}
