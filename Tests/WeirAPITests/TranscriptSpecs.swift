import Testing
import WeirAPI
import WeirQueue

@Suite("Conversations")
struct TranscriptSpecs {
    @Test(arguments: try Transcript.all())
    func `on the handler`(_ transcript: Transcript) async throws {
        let bench = try Bench()
        try await transcript.run(on: bench) { request, entrance in
            await bench.handler.respond(to: request, entrance: entrance)
        }
        await bench.queues.close()
    }

    @Test(arguments: try Transcript.all())
    func `on a live socket`(_ transcript: Transcript) async throws {
        let live = try await LiveBench()
        let (door, backDoor) = (try SocketClient(live.tcp), try SocketClient(live.unix))
        try await transcript.run(on: live.bench) { request, entrance in
            switch entrance {
            case .public: try await door.ask(request)
            case .control: try await backDoor.ask(request)
            }
        }
        await live.stop()
    }

    @Test("There are conversations")
    func thereAreSome() throws {
        #expect(try Transcript.all().flatMap(\.steps).count > 60)
    }
}
