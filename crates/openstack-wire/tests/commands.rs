//! The `openstack` command of a call, case by case.

use openstack_wire::render::{self, Style};
use openstack_wire::{Call, Method};
use serde_json::Value;

/// `GET network /v2.0/ports?a=b` with an optional JSON body.
fn call(line: &str, body: &str) -> Call {
    let mut words = line.splitn(3, ' ');
    let method = Method::from_name(words.next().unwrap()).unwrap();
    let service = words.next().unwrap();
    let target = words.next().unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut call = Call::new(method, service, path);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap();
        call = call.with_query(key, value);
    }
    if !body.is_empty() {
        call.body =
            Some(serde_json::from_str::<Value>(body).unwrap_or_else(|e| panic!("{line}: {e}")));
    }
    call
}

#[test]
fn calls_have_their_command() {
    let cases = [
        (
            "GET compute /servers/detail?limit=5&status=ACTIVE&name=a b",
            "",
            "server list --long --status ACTIVE --name 'a b'",
        ),
        ("GET compute /servers/s1", "", "server show s1"),
        ("DELETE compute /servers/s1", "", "server delete s1"),
        (
            "PUT compute /servers/s1",
            r#"{"server": {"description": "d"}}"#,
            "server set --description d s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"os-start": null}"#,
            "server start s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"os-stop": null}"#,
            "server stop s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"reboot": {"type": "HARD"}}"#,
            "server reboot --hard s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"resize": {"flavorRef": "f2"}}"#,
            "server resize --flavor f2 s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"confirmResize": null}"#,
            "server resize confirm s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"os-getConsoleOutput": {"length": 50}}"#,
            "console log show --lines 50 s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"os-getConsoleOutput": {}}"#,
            "console log show s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"lock": {"locked_reason": "mine"}}"#,
            "server lock --reason mine s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"createImage": {"name": "i", "metadata": {"k": "v"}}}"#,
            "server image create --name i --property k=v s1",
        ),
        (
            "POST compute /servers/s1/action",
            r#"{"addSecurityGroup": {"name": "g"}}"#,
            "server add security group s1 g",
        ),
        (
            "GET compute /servers/s1/os-volume_attachments",
            "",
            "server volume list s1",
        ),
        (
            "POST compute /servers/s1/os-volume_attachments",
            r#"{"volumeAttachment": {"volumeId": "v1", "device": "/dev/vdb"}}"#,
            "server add volume --device /dev/vdb s1 v1",
        ),
        (
            "DELETE compute /servers/s1/os-volume_attachments/v1",
            "",
            "server remove volume s1 v1",
        ),
        (
            "POST compute /servers/s1/os-interface",
            r#"{"interfaceAttachment": {"port_id": "p1"}}"#,
            "server add port s1 p1",
        ),
        (
            "POST compute /servers/s1/metadata",
            r#"{"metadata": {"ec2:tag:Name": "my web"}}"#,
            "server set --property 'ec2:tag:Name=my web' s1",
        ),
        (
            "DELETE compute /servers/s1/metadata/ec2:tag:Name",
            "",
            "server unset --property ec2:tag:Name s1",
        ),
        (
            "PUT compute /servers/s1/tags/a%20b",
            "",
            "server set --tag 'a b' s1",
        ),
        ("GET compute /flavors/detail", "", "flavor list --long"),
        ("GET compute /os-keypairs", "", "keypair list"),
        (
            "POST compute /os-keypairs",
            r#"{"keypair": {"name": "-k"}}"#,
            "keypair create -- -k",
        ),
        (
            "POST compute /os-keypairs",
            r#"{"keypair": {"name": "k", "public_key": "ssh-rsa AAA me"}}"#,
            "keypair create --public-key <(printf %s 'ssh-rsa AAA me') k",
        ),
        (
            "DELETE compute /os-keypairs/my%20key",
            "",
            "keypair delete 'my key'",
        ),
        (
            "GET compute /os-availability-zone",
            "",
            "availability zone list --compute --long",
        ),
        (
            "GET block-storage /volumes/detail",
            "",
            "volume list --long",
        ),
        (
            "POST volumev3 /volumes",
            r#"{"volume": {"size": 8, "name": "data", "metadata": {"a": "b=c"}}}"#,
            "volume create --size 8 --property a=b=c data",
        ),
        (
            "DELETE block-storage /volumes/v1?cascade=true",
            "",
            "volume delete --purge v1",
        ),
        (
            "POST block-storage /volumes/v1/action",
            r#"{"os-extend": {"new_size": 20}}"#,
            "volume set --size 20 v1",
        ),
        (
            "POST block-storage /snapshots",
            r#"{"snapshot": {"volume_id": "v1", "force": true, "name": "s"}}"#,
            "volume snapshot create --volume v1 --force s",
        ),
        (
            "GET block-storage /snapshots/s1",
            "",
            "volume snapshot show s1",
        ),
        (
            "GET image /v2/images?visibility=public&hw_machine_type=q35&status=active",
            "",
            "image list --long --public --property hw_machine_type=q35 --status active",
        ),
        (
            "PATCH image /v2/images/i1",
            r#"[{"op": "add", "path": "/ec2:tag:a~1b", "value": "x"}]"#,
            "image set --property ec2:tag:a/b=x i1",
        ),
        (
            "PATCH image /v2/images/i1",
            r#"[{"op": "remove", "path": "/k"}]"#,
            "image unset --property k i1",
        ),
        ("PUT image /v2/images/i1/tags/t", "", "image set --tag t i1"),
        (
            "POST image /v2/images/i1/members",
            r#"{"member": "p2"}"#,
            "image add project i1 p2",
        ),
        (
            "GET network /v2.0/networks?router:external=true",
            "",
            "network list --long --external",
        ),
        (
            "POST network /v2.0/networks",
            r#"{"network": {"name": "n", "admin_state_up": true}}"#,
            "network create --enable n",
        ),
        ("GET network /v2.0/subnets?id=s1", "", "subnet show s1"),
        (
            "POST network /v2.0/subnets",
            r#"{"subnet": {"network_id": "n1", "ip_version": 4, "cidr": "10.0.0.0/24", "gateway_ip": null, "name": "s"}}"#,
            "subnet create --gateway none --network n1 --subnet-range 10.0.0.0/24 --ip-version 4 s",
        ),
        (
            "POST network /v2.0/subnetpools",
            r#"{"subnetpool": {"name": "p", "prefixes": ["10.7.0.0/16"], "default_prefixlen": 24}}"#,
            "subnet pool create --pool-prefix 10.7.0.0/16 --default-prefix-length 24 p",
        ),
        (
            "PUT network /v2.0/routers/r1/tags",
            r#"{"tags": ["ec2:vpc", "ec2:tag:Name=my vpc"]}"#,
            "router set --no-tag --tag ec2:vpc --tag 'ec2:tag:Name=my vpc' r1",
        ),
        (
            "PUT network /v2.0/routers/r1/add_router_interface",
            r#"{"subnet_id": "s1"}"#,
            "router add subnet r1 s1",
        ),
        (
            "PUT network /v2.0/routers/r1",
            r#"{"router": {"external_gateway_info": {"network_id": "ext"}}}"#,
            "router set --external-gateway ext r1",
        ),
        (
            "PUT network /v2.0/routers/r1",
            r#"{"router": {"external_gateway_info": null}}"#,
            "router unset --external-gateway r1",
        ),
        (
            "PUT network /v2.0/routers/r1/add_extraroutes",
            r#"{"router": {"routes": [{"destination": "10.9.0.0/16", "nexthop": "10.0.0.5"}]}}"#,
            "router add route --route destination=10.9.0.0/16,gateway=10.0.0.5 r1",
        ),
        (
            "GET network /v2.0/ports?network_id=n1&fixed_ips=ip_address=10.0.0.5",
            "",
            "port list --network n1 --fixed-ip ip-address=10.0.0.5",
        ),
        (
            "POST network /v2.0/ports",
            r#"{"port": {"network_id": "n1", "fixed_ips": [{"subnet_id": "s1", "ip_address": "10.0.0.5"}], "security_groups": [], "name": ""}}"#,
            "port create --network n1 --fixed-ip subnet=s1,ip-address=10.0.0.5 --no-security-group ''",
        ),
        (
            "PUT network /v2.0/ports/p1",
            r#"{"port": {"security_groups": ["g1", "g2"]}}"#,
            "port set --no-security-group --security-group g1 --security-group g2 p1",
        ),
        (
            "POST network /v2.0/floatingips",
            r#"{"floatingip": {"floating_network_id": "ext"}}"#,
            "floating ip create ext",
        ),
        (
            "PUT network /v2.0/floatingips/f1",
            r#"{"floatingip": {"port_id": "p1", "fixed_ip_address": "10.0.0.5"}}"#,
            "floating ip set --port p1 --fixed-ip-address 10.0.0.5 f1",
        ),
        (
            "PUT network /v2.0/floatingips/f1",
            r#"{"floatingip": {"port_id": null}}"#,
            "floating ip unset --port f1",
        ),
        (
            "POST network /v2.0/security-groups",
            r#"{"security_group": {"name": "web", "description": "-x"}}"#,
            "security group create --description=-x web",
        ),
        (
            "POST network /v2.0/security-group-rules",
            r#"{"security_group_rule": {"security_group_id": "g1", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22, "remote_ip_prefix": "0.0.0.0/0"}}"#,
            "security group rule create --ingress --ethertype IPv4 --remote-ip 0.0.0.0/0 --protocol tcp --dst-port 22 g1",
        ),
        (
            "GET network /v2.0/security-group-rules?security_group_id=g1&direction=ingress",
            "",
            "security group rule list --ingress g1",
        ),
        (
            "DELETE network /v2.0/security-group-rules/r1",
            "",
            "security group rule delete r1",
        ),
        (
            "POST identity /users/u1/credentials/OS-EC2",
            r#"{"tenant_id": "p1"}"#,
            "ec2 credentials create --user u1 --project p1",
        ),
    ];
    for (line, body, expected) in cases {
        let call = call(line, body);
        let written = render::call(Style::Cli, &call).replace(" \\\n ", "");
        assert_eq!(written, format!("openstack {expected}"), "{line} {body}");
        assert!(render::has_command(&call), "{line}");
    }
}

#[test]
fn what_a_command_cannot_say_is_named() {
    let cases = [
        (
            "GET network /v2.0/ports?id=a&id=b",
            "",
            "# The command has no option for: id\nopenstack port list",
        ),
        (
            "GET compute /servers/detail?status=A&status=B",
            "",
            "# The command has no option for: status\nopenstack server list --long --status A",
        ),
        (
            "POST network /v2.0/networks",
            r#"{"network": {"name": "n", "odd": 1}}"#,
            "# The command has no option for: odd\nopenstack network create n",
        ),
    ];
    for (line, body, expected) in cases {
        let call = call(line, body);
        assert_eq!(render::call(Style::Cli, &call), expected, "{line}");
        assert!(!render::has_command(&call), "{line}");
    }
}

#[test]
fn a_call_without_a_command_is_shown_with_curl() {
    let cases = [
        ("PUT compute /servers/s1/metadata", r#"{"metadata": {}}"#),
        (
            "POST compute /servers/s1/action",
            r#"{"os-start": null, "os-stop": null}"#,
        ),
        ("POST compute /servers/s1/action", "[]"),
        (
            "POST network /v2.0/ports",
            r#"{"ports": [{"network_id": "n"}]}"#,
        ),
        (
            "PATCH image /v2/images/i1",
            r#"[{"op": "add", "path": "/a", "value": "x"}, {"op": "remove", "path": "/b"}]"#,
        ),
        ("GET dns /v2/zones", ""),
        ("GET network /other", ""),
        ("DELETE compute /", ""),
    ];
    for (line, body) in cases {
        let written = render::call(Style::Cli, &call(line, body));
        assert!(
            written.starts_with(
                "# The openstack command has nothing for this call; with curl:\ncurl "
            ),
            "{line}: {written}"
        );
    }
}

#[test]
fn a_launch_is_one_command() {
    let body = r#"{"server": {"name": "web", "imageRef": "i1", "flavorRef": "m1.small", "key_name": "k", "min_count": 1, "max_count": 2, "return_reservation_id": true,
        "networks": [{"uuid": "n1"}, {"port": "p1"}, {"uuid": "n2", "fixed_ip": "10.0.0.9"}], "security_groups": [{"name": "g1"}],
        "metadata": {"ec2:tag:Name": "it's"}, "tags": ["t"], "user_data": "IyEvYmluL3No",
        "block_device_mapping_v2": [{"boot_index": 0, "source_type": "image", "uuid": "i1", "destination_type": "local"}]},
        "os:scheduler_hints": {"group": "sg"}}"#;
    let expected = r"openstack server create \
  --image i1 \
  --flavor m1.small \
  --key-name k \
  --max 2 \
  --property 'ec2:tag:Name=it'\''s' \
  --tag t \
  --network n1 \
  --port p1 \
  --nic net-id=n2,v4-fixed-ip=10.0.0.9 \
  --security-group g1 \
  --block-device uuid=i1,source_type=image,destination_type=local,boot_index=0 \
  --user-data <(printf %s IyEvYmluL3No | base64 -d) \
  --hint group=sg \
  web";
    assert_eq!(
        render::call(Style::Cli, &call("POST compute /servers", body)),
        expected
    );
}

#[test]
fn a_version_is_told_where_the_command_needs_it() {
    let cases = [
        (
            "PUT compute /servers/s1/tags/t",
            "openstack --os-compute-api-version 2.96 server set --tag t s1",
        ),
        ("GET compute /servers/s1", "openstack server show s1"),
    ];
    for (line, expected) in cases {
        let call = Call {
            microversion: Some("2.96".into()),
            ..call(line, "")
        };
        assert_eq!(render::call(Style::Cli, &call), expected);
    }
}
