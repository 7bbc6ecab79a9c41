//! The linter: the rules that come with the program are clean, and each kind of mistake is found.

use rules::{Rules, lint};

#[test]
fn the_built_in_rules_have_no_problem() {
    let (rules, mut problems) = Rules::load(Rules::built_in_files().iter().copied());
    problems.extend(lint(&rules));
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(
        told.is_empty(),
        "{} problems:\n{}",
        told.len(),
        told.join("\n")
    );
}

const KINDS: &str = "table: kinds
rows:
  vol: { resource-type: volume, service: block-storage, path: /volumes, not-found: N, malformed: M }
  i: { resource-type: instance, service: compute, path: /servers, not-found: N, malformed: M }
";

/// Whether the linter says `said` about a file.
fn says(files: &[(&str, String)], said: &str) {
    let (rules, problems) = Rules::load(
        files
            .iter()
            .cloned()
            .chain([("kinds.table.yaml", KINDS.to_owned())]),
    );
    assert_eq!(problems, [], "{files:?}");
    let told: Vec<String> = lint(&rules).iter().map(ToString::to_string).collect();
    if said.is_empty() {
        assert!(told.is_empty(), "{files:?}\n{}", told.join("\n"));
    } else {
        assert!(
            told.iter().any(|one| one.contains(said)),
            "{files:?}\nsaid: {}\nmeant: {said}",
            told.join("\n")
        );
    }
}

#[test]
fn each_kind_of_mistake_is_found_at_its_place() {
    let volume = "action: DeleteVolume\ncalls:\n  gone:\n    request: DELETE block-storage /volumes/{uuid(VolumeId)}\n    undo: none\n";
    for (body, said) in [
        ("", ""),
        // names
        (
            "let: { a: VolumeIds }\nrefuse: [ { when: a, error: E } ]\n",
            "6:11: nothing here is named 'VolumeIds' (did you mean 'VolumeId'",
        ),
        (
            "let: { a: ingress }\nrefuse: [ { when: a, error: E } ]\n",
            "did you mean the text \"'ingress'\"?",
        ),
        (
            "let: { a: context.projct_id }\nrefuse: [ { when: a, error: E } ]\n",
            "the context has no 'projct_id' (did you mean 'project_id'?)",
        ),
        (
            "let: { a: VolumeId.x }\nrefuse: [ { when: a, error: E } ]\n",
            "'VolumeId' is a plain value",
        ),
        ("let: { gone: VolumeId }\n", "'gone' is a call and a let"),
        (
            "let: { VolumeId: gone }\n",
            "'VolumeId' is a parameter of the request already",
        ),
        ("let: { a: VolumeId }\n", "6:8: nothing reads 'a'"),
        // functions and tables
        (
            "refuse: [ { when: \"whree(gone, 'id', VolumeId)\", error: E } ]\n",
            "there is no function 'whree' (did you mean 'where'?)",
        ),
        (
            "refuse: [ { when: \"find(gone, 'id')\", error: E } ]\n",
            "find is called with 2 arguments (find(list, path, value))",
        ),
        (
            "refuse: [ { when: \"ec2_id('vul', VolumeId)\", error: E } ]\n",
            "the table of kinds has no row 'vul' (did you mean 'vol'?)",
        ),
        (
            "refuse: [ { when: \"table('t', VolumeId)\", error: E } ]\n",
            "there is no table 't'",
        ),
        (
            "refuse: [ { when: \"find(gone, 'a b', VolumeId)\", error: E } ]\n",
            "'a b' is no path",
        ),
        // operators
        (
            "let: { a: DryRun || `true` }\nrefuse: [ { when: a, error: E } ]\n",
            "|| overrides a given false",
        ),
        (
            "let: { a: VolumeId && gone }\nrefuse: [ { when: a, error: E } ]\n",
            "&& gives its left side",
        ),
        (
            "refuse: [ { when: VolumeId && gone || DryRun, error: E } ]\n",
            "",
        ),
        (
            "let: { a: VolumeId == 'x' || DryRun == `true` }\nrefuse: [ { when: a, error: E } ]\n",
            "",
        ),
        // gaps and notes
        (
            "refuse: [ { when: gone, error: E, gap: nix } ]\n",
            "there is no gap 'nix' (write gaps/nix.yaml)",
        ),
        (
            "parameters: { VolumeIdd: { ignored: x } }\n",
            "DeleteVolume has no parameter 'VolumeIdd' (did you mean 'VolumeId'?)",
        ),
        (
            "defaults: { VolumeIdd: 1 }\n",
            "DeleteVolume has no parameter 'VolumeIdd'",
        ),
        ("defaults: { DryRun: 1 }\n", "1 is no value for DryRun"),
        ("answer: { State: \"'x'\" }\n", "has no member 'State'"),
        (
            "paging: { over: gone, by: [ id ] }\n",
            "EC2 does not page DeleteVolume",
        ),
        // order
        (
            "let: { a: b, b: a }\nrefuse: [ { when: a, error: E } ]\n",
            "'a' needs itself: a needs b needs a",
        ),
        (
            "already: { when: gone, use: {} }\n",
            "'already' is asked before 'gone' changes anything",
        ),
        (
            "already: { when: VolumeId, use: { nix: VolumeId } }\n",
            "there is no call or let 'nix' to stand in for",
        ),
    ] {
        says(
            &[("volume/DeleteVolume.yaml", format!("{volume}{body}"))],
            said,
        );
    }
}

#[test]
fn mistakes_in_calls_are_found() {
    for (call, said) in [
        ("request: GET compute /servers", ""),
        (
            "request: GET compute /server",
            "compute has no 'server' (did you mean 'servers'?)",
        ),
        (
            "request: GET compute /v2.1/servers",
            "compute has no 'v2.1'",
        ),
        (
            "request: GET network /ports",
            "paths of network begin with /v2.0/",
        ),
        (
            "request: GET nova /servers",
            "the catalogue has no service type 'nova'",
        ),
        (
            "request: POST compute /servers",
            "changes the cloud and does not say how it is taken back",
        ),
        (
            "request: GET compute /servers\n    undo: none",
            "needs no undo",
        ),
        (
            "request: GET compute /servers\n    body: { a: VolumeId }",
            "a GET has no body",
        ),
        (
            "request: GET compute /servers\n    reads: true",
            "a GET always only reads",
        ),
        (
            "request: GET compute /servers\n    microversion: latest",
            "'latest' is no microversion",
        ),
        (
            "request: GET compute /servers\n    follows: nix",
            "there is no call 'nix' to follow",
        ),
        (
            "request: GET compute /servers\n    follows: gone",
            "'gone' changes nothing",
        ),
        (
            "request: GET compute /servers\n    when: reply.id",
            "nothing here is named 'reply'",
        ),
        ("request: GET compute /servers\n    gives: reply.id", ""),
        (
            "request: GET compute /servers\n    push: { a: { filter: x, as: f(value) } }",
            "there is no function 'f'",
        ),
        (
            "request: POST compute /servers/{later.id}/action\n    undo: none\n  later:\n    request: POST compute /servers\n    undo: none",
            "'gone' needs 'later', which is changed after it",
        ),
    ] {
        let file = format!(
            "action: DeleteVolume\ncalls:\n  gone:\n    {call}\nrefuse: [ {{ when: VolumeId, error: E }} ]\n"
        );
        says(&[("volume/DeleteVolume.yaml", file)], said);
    }
}

#[test]
fn a_parameter_is_read_to_its_leaf_or_noted() {
    let unread = "no expression reads the parameter";
    for (body, leaf) in [
        ("", "BlockDeviceMappings,"),
        (
            "let: { a: \"BlockDeviceMappings[].DeviceName\" }",
            "BlockDeviceMappings.VirtualName,",
        ),
        (
            "let: { a: [ { each: d in BlockDeviceMappings, item: d.Ebs.VolumeSize } ] }",
            "BlockDeviceMappings.Ebs.VolumeType,",
        ),
        (
            "let: { a: [ { each: d in BlockDeviceMappings, let: { e: d.Ebs }, item: e.VolumeSize } ] }",
            "BlockDeviceMappings.Ebs.Iops,",
        ),
        ("let: { a: to_string(BlockDeviceMappings) }", ""),
        (
            "let: { x: \"BlockDeviceMappings[?Ebs]\", a: [ { each: d in x, item: d.Ebs.Iops } ] }",
            "BlockDeviceMappings.Ebs.VolumeSize,",
        ),
        (
            "let: { a: \"find(BlockDeviceMappings, 'DeviceName', 'x').Ebs.Iops\" }",
            "BlockDeviceMappings.NoDevice,",
        ),
        (
            "let: { a: \"sort_by(BlockDeviceMappings, &DeviceName)\" }",
            "BlockDeviceMappings.Ebs,",
        ),
        (
            "let: { a: \"tag_specification(TagSpecifications, 'image')\" }",
            "BlockDeviceMappings,",
        ),
        ("let: { a: BlockDeviceMappings }", "BlockDeviceMappings,"),
    ] {
        let file = format!(
            "action: CreateImage\n{body}\nrefuse: [ {{ when: \"{}\", error: E }} ]\n",
            if body.is_empty() { "Name" } else { "a" }
        );
        says(
            &[("image/CreateImage.yaml", file.clone())],
            &if leaf.is_empty() {
                format!("{unread} Name,")
            } else {
                format!("{unread} {leaf}")
            },
        );
        if !leaf.is_empty() {
            let noted = format!("{file}parameters: {{ BlockDeviceMappings: {{ refused: x }} }}\n");
            let (rules, _) = Rules::load([("image/CreateImage.yaml", noted)]);
            assert!(lint(&rules).iter().all(|problem| {
                !problem
                    .message
                    .contains(&format!("{unread} BlockDeviceMappings"))
            }));
        }
    }
    says(
        &[(
            "image/CreateImage.yaml",
            "action: CreateImage\nrefuse: [ { when: \"BlockDeviceMappings[].Name\", error: E } ]\n"
                .into(),
        )],
        "'BlockDeviceMappings' has no member 'Name'",
    );
    says(
        &[(
            "image/CreateImage.yaml",
            "action: CreateImage\nrefuse: [ { when: BlockDeviceMappings.Ebs, error: E } ]\n".into(),
        )],
        "'BlockDeviceMappings' is a list",
    );
    says(&[("image/CreateImage.yaml", "action: CreateImage\nrefuse: [ { when: \"tag_specification(TagSpecifications, 'imag')\", error: E } ]\n".into())], "EC2 has no resource type 'imag' (did you mean 'image'?)");
}

#[test]
fn answers_and_views_have_the_shape_of_ec2() {
    let view = |fields: &str| {
        format!("view: Volume\nof: volume\nfields: {{ {fields} }}\nfilters: {{ status: State }}\n")
    };
    let action = |answer: &str| {
        format!(
            "action: DescribeVolumes\ncalls: {{ found: {{ request: GET block-storage /volumes, pages: volumes }} }}\nanswer: {{ Volumes: {answer} }}\n"
        )
    };
    for (answer, fields, said) in [
        (
            "[ { each: v in found, view: Volume } ]",
            "VolumeId: volume.id",
            "DescribeVolumes has filters that nothing names: attachment.attach-time",
        ),
        (
            "[ { each: v in found, view: Volume } ]",
            "VolumeID: volume.id",
            "Volume.view.yaml:3:21: Volume has no member 'VolumeID' (did you mean 'VolumeId'?)",
        ),
        (
            "{ each: v in found, view: Volume }",
            "VolumeID: volume.id",
            "has no member 'VolumeID'",
        ),
        (
            "[ { each: v in found, view: Volume } ]",
            "Encrypted: \"'yes'\"",
            "EC2 has a boolean here, not \"yes\"",
        ),
        (
            "[ { each: v in found, view: Volume } ]",
            "Size: { a: volume.size }",
            "EC2 has a whole number here, not a structure",
        ),
        (
            "[ { each: v in found, view: Volume } ]",
            "State: \"'avaliable'\"",
            "'avaliable' is no VolumeState of EC2 (did you mean 'available'?)",
        ),
        (
            "[ { each: v in found, view: Volume } ]",
            "State: \"if(volume.x, 'in-use', 'gone')\"",
            "'gone' is no VolumeState of EC2",
        ),
        (
            "[ { each: v in found, view: Volume } ]",
            "VolumeId: VolumeIds",
            "a view does not see the request",
        ),
        (
            "[ { each: v in found, view: Volume } ]",
            "VolumeId: { each: x in volume.y, item: x }",
            "EC2 has a text here, not a list",
        ),
        (
            "[ { each: v in found, view: Volumes } ]",
            "VolumeId: volume.id",
            "there is no view 'Volumes' (did you mean 'Volume'?)",
        ),
        (
            "found",
            "VolumeId: volume.id",
            "no action shows the view 'Volume'",
        ),
        (
            "{ a: found }",
            "VolumeId: volume.id",
            "EC2 has a list here, not a structure",
        ),
    ] {
        says(
            &[
                ("volume/DescribeVolumes.yaml", action(answer)),
                ("volume/Volume.view.yaml", view(fields)),
            ],
            said,
        );
    }
    for (lets, said) in [
        ("a: b, b: a", "3:8: 'a' needs itself: a needs b needs a"),
        ("a: volume.id", "3:8: nothing in the view reads 'a'"),
    ] {
        let file = format!(
            "view: Volume\nof: volume\nlet: {{ {lets} }}\nfields: {{ VolumeId: volume.id }}\n"
        );
        says(
            &[
                (
                    "volume/DescribeVolumes.yaml",
                    action("[ { each: v in found, view: Volume } ]"),
                ),
                ("volume/Volume.view.yaml", file),
            ],
            said,
        );
    }
    let one = action("[ { each: v in found, view: Volume } ]");
    for (filters, said) in [
        (
            "{ status: Stat }",
            "Volume has no member 'Stat' (did you mean 'State'?)",
        ),
        (
            "{ statos: State }",
            "EC2 documents no filter 'statos' here (did you mean 'status'?)",
        ),
        (
            "{ attachment.device: Attachments.Device }",
            "there is a list before 'Device' (write [] before .Device)",
        ),
        ("{ attachment.device: Attachments }", ""),
        ("{ \"tag:<key>\": Tags }", "comes by itself"),
        (
            "{ status: { refused: x, gap: nix } }",
            "there is no gap 'nix'",
        ),
    ] {
        let file = format!(
            "view: Volume\nof: volume\nfields: {{ State: volume.status }}\nfilters: {filters}\n"
        );
        let said = if said.is_empty() {
            "nothing names: attachment.attach-time"
        } else {
            said
        };
        says(
            &[
                ("volume/DescribeVolumes.yaml", one.clone()),
                ("volume/Volume.view.yaml", file),
            ],
            said,
        );
    }
}

#[test]
fn tables_are_total_and_used() {
    let view =
        "view: Volume\nof: volume\nfields: { State: \"table('volume-state', volume.status)\" }\n";
    let action = "action: DescribeVolumes\ncalls: { found: { request: GET block-storage /volumes, pages: volumes } }\nanswer: { Volumes: [ { each: v in found, view: Volume } ] }\n";
    for (table, said) in [
        (
            "table: volume-state\nrows: { creating: creating }\n",
            "'volume-state' has no row for attaching, available, awaiting-transfer",
        ),
        (
            "table: volume-state\nrows: { creating: creating }\nelse: error\n",
            "has filters that nothing names",
        ),
        (
            "table: volume-state\nrows: { creating: { a: b } }\nelse: error\n",
            "the table 'volume-state' has two keys",
        ),
    ] {
        says(
            &[
                ("volume/DescribeVolumes.yaml", action.into()),
                ("volume/Volume.view.yaml", view.into()),
                ("volume/volume-state.table.yaml", table.into()),
            ],
            said,
        );
    }
    says(
        &[(
            "volume/other.table.yaml",
            "table: other\nrows: { a: b }\n".into(),
        )],
        "nothing reads the table 'other'",
    );
    says(
        &[(
            "gaps/g.yaml",
            "gap: g\ntitle: t\nservices: [nova]\nwhat: w\ntoday: t\nwould-need: n\nupstream: []\n"
                .into(),
        )],
        "nothing names the gap 'g'",
    );
    says(&[("actions.yaml", "families: [ { family: F, verdict: gap, reason: x, actions: [ AcceptAdressTransfer ] } ]\n".into())], "EC2 has no action 'AcceptAdressTransfer' (did you mean 'AcceptAddressTransfer'?)");
    says(
        &[(
            "actions.yaml",
            "families: [ { family: F, verdict: gap, actions: [ AcceptAddressTransfer ] } ]\n"
                .into(),
        )],
        "nothing says why 'AcceptAddressTransfer' has no rule",
    );
    says(
        &[(
            "faults.table.yaml",
            "table: faults\nrows: [ { status: 404, error: not-found } ]\n".into(),
        )],
        "an error that no row names would have no meaning",
    );
}

#[test]
fn a_list_of_pages_cannot_be_asked_for_again() {
    let rule = "action: DescribeVolumes\ncalls:\n  volumes:\n    request: GET block-storage /volumes/detail\n    pages: volumes\n    until: volumes\n    within: 5 s\nanswer: { Volumes: [] }\n";
    says(
        &[("volume/DescribeVolumes.yaml", rule.to_owned())],
        "6:12: a list of several pages cannot be asked for again",
    );
}
