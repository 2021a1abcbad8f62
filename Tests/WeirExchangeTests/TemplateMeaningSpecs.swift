import Testing
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("What a template says beside its properties")
struct TemplateMeaningSpecs {
    private static let group = """
        Resources:
          Workers:
            Type: AWS::AutoScaling::AutoScalingGroup
            Properties: { MinSize: 1, MaxSize: !Ref Most, HealthCheckGracePeriod: !FindInMap [Times, !Ref "AWS::Region", grace] }
        """

    private func imported(_ text: String, _ parameters: [String: String] = [:]) throws -> ImportedPolicy {
        try #require(
            try PolicyImport.read([("workers.yaml", text)], options: ImportOptions(parameters: parameters)).first)
    }

    @Test("A queue without properties speaks for nothing but itself")
    func bareQueue() throws {
        let text = Self.group.replacing("MinSize: 1", with: "MinSize: 1, Moon: full").replacing(
            "!Ref Most", with: "4")
        let policy = try imported(text + "\n  Jobs:\n    Type: AWS::SQS::Queue\n")
        #expect(policy.why("Resources.Workers.Properties.Moon") == "weir does not know it")
    }

    // MARK: Parameters

    private static let parameters = """
        Parameters:
          Stage: { Type: String, Default: test }
          Most: { Type: "AWS::SSM::Parameter::Value<String>", Default: /workers/most }
        Mappings: { Times: { eu-west-1: { grace: 90 } } }

        """ + group

    @Test("A parameter that no template has is a mistake, with the nearest that one has")
    func mistypedParameter() {
        for (name, expected) in [
            ("Stgae", "no template has a parameter 'Stgae': did you mean 'Stage'?"),
            ("Colour", "there are: Stage, Most, AWS::AccountId"),
        ] {
            let mistake = #expect(throws: ImportMistake.self) { try imported(Self.parameters, [name: "prod"]) }
            #expect(mistake?.text.contains(expected) == true, "\(mistake?.text ?? "")")
        }
        let mistake = #expect(throws: ImportMistake.self) {
            try PolicyImport.read(Fixtures.aws(), options: ImportOptions(parameters: ["Stage": "prod"]))
        }
        #expect(mistake?.text == "no template has a parameter 'Stage': no template was read")
    }

    @Test("A value that the template does not allow is a mistake")
    func allowedValues() throws {
        let text = """
            Parameters:
              Stage: { Type: String, Default: test, AllowedValues: [test, prod] }

            """ + Self.group.replacing("!Ref Most", with: "4")
        let mistake = #expect(throws: ImportMistake.self) { try imported(text, ["Stage": "stage"]) }
        #expect(mistake?.text == "the parameter 'Stage' cannot be 'stage': the template allows test, prod")
        #expect(throws: Never.self) { try imported(text, ["Stage": "prod"]) }
    }

    @Test("Of a list each member has to be allowed", arguments: ["CommaDelimitedList", "List<String>"])
    func allowedMembers(_ type: String) throws {
        let text = """
            Parameters:
              Zones: { Type: \(type), Default: "a", AllowedValues: [a, b, "c d"] }

            """ + Self.group.replacing("!Ref Most", with: "4")
        for allowed in ["a", "a,b", " b , c d ,a"] {
            #expect(throws: Never.self) { try imported(text, ["Zones": allowed]) }
        }
        for (value, member) in [("a,x,y", "x"), ("c", "c"), ("a,", "")] {
            let mistake = #expect(throws: ImportMistake.self) { try imported(text, ["Zones": value]) }
            #expect(mistake?.text == "the parameter 'Zones' cannot hold '\(member)': the template allows a, b, c d")
        }
    }

    @Test(
        "Lists are split, joined and chosen from",
        arguments: [
            (#"!Select [1, !Split [",", "3,4"]]"#, 4), (#"!Select [0, ["7", "8"]]"#, 7),
            (#"!Select ["2", !Ref Sizes]"#, 6), (#"!Join ["", !Split ["-", "1-2"]]"#, 12),
            (#"!Join ["", [!Select [0, !Ref Sizes], "0"]]"#, 50),
        ])
    func lists(_ function: String, _ size: Int) throws {
        let text = """
            Parameters:
              Sizes: { Type: CommaDelimitedList, Default: "5, 9,6" }

            """ + Self.group.replacing("!Ref Most", with: function)
        #expect(try imported(text).read().group.maxSize == size)
    }

    @Test("What cannot be chosen from a list is told with its reason")
    func beyondList() throws {
        let text = Self.group.replacing("!Ref Most", with: #"!Select [2, !Split [",", "3,4"]]"#)
        #expect(try imported(text).why("Resources.Workers.Properties.MaxSize") == "Fn::Select asks for number 2 of 2")
    }

    @Test("The default of a parameter in the Parameter Store is its name there, and no value")
    func storedParameter() throws {
        let why = try imported(Self.parameters).why("Resources.Workers.Properties.MaxSize")
        #expect(why?.contains("in the Parameter Store") == true && why?.contains("--parameter Most=VALUE") == true)
        #expect(try imported(Self.parameters, ["Most": "7"]).read().group.maxSize == 7)
    }

    @Test("What every stack knows of itself can be given")
    func pseudoParameters() throws {
        let path = "Resources.Workers.Properties.HealthCheckGracePeriod"
        #expect(try imported(Self.parameters).why(path) != nil)
        let policy = try imported(Self.parameters, ["AWS::Region": "eu-west-1", "Most": "7"])
        #expect(try policy.read().group.healthCheckGracePeriod == .seconds(90))
        let asked = Self.parameters.replacing(
            "!FindInMap [Times, !Ref \"AWS::Region\", grace]", with: "!Ref AWS::StackName")
        #expect(try imported(asked).why(path)?.hasSuffix("give it with --parameter AWS::StackName=VALUE") == true)
    }

    @Test("Sizes that schedules set stay on both sides, and any other UpdatePolicy is told")
    func updatePolicy() throws {
        let sizes = "AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true }"
        let rolling = "AutoScalingRollingUpdate: { MinInstancesInService: 1 }"
        for (keys, isTold) in [(sizes, false), ("\(sizes), \(rolling)", true)] {
            let text = Self.group.replacing("    Properties", with: "    UpdatePolicy: { \(keys) }\n    Properties")
            let policy = try imported(text)
            #expect((policy.why("Resources.Workers.UpdatePolicy") != nil) == isTold)
            for account in policy.accounts { #expect(!account.isUnknown, "\(account.path)") }
        }
    }
}
