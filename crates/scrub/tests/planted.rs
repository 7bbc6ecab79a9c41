//! No planted secret survives, in whatever notation and place it stands; what is none stays.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use scrub::{PLACEHOLDER, is_clean, scrub};

/// Where a secret may stand. `@` is the secret as it is, `%` percent-encoded, `#` in Base64, `^` as JSON text inside
/// JSON text would have it.
const PLACES: &[&str] = &[
    // Query
    "Action=RunInstances&ImageId=ami-1&UserData=#&MinCount=1",
    "Action=RunInstances&UserData=%",
    "Action=RunInstances\n&UserData=%\n&MinCount=1",
    "Action=ModifyInstanceAttribute&InstanceId=i-1&UserData.Value=%",
    "Action=RequestSpotInstances&LaunchSpecification.UserData=%",
    "Action=DescribeVpcs&AWSAccessKeyId=%&Signature=%&SignatureVersion=2",
    "Action=DescribeVpcs&X-Amz-Security-Token=%&X-Amz-Signature=%",
    "Action=CreateTags&Tag.1.Key=password&Tag.1.Value=%&Tag.2.Key=Name&Tag.2.Value=web",
    "Action=CreateTags&Tag.1.Value=%&Tag.1.Key=db-password",
    "Action=DescribeInstances&Filter.1.Name=tag%3Apassword&Filter.1.Value.1=%&Filter.1.Value.2=%",
    // URL
    "https://ec2.amazonaws.com/?Action=DescribeVpcs&X-Amz-Credential=%&X-Amz-Signature=%",
    "https://demo:@@cloud.example.org/?Action=DescribeVpcs",
    "https://sso.example.org/?next=https%3A%2F%2Fec2.amazonaws.com%2F%3FAction%3DRunInstances%26UserData%3D%",
    // HTTP
    "POST / HTTP/1.1\nHost: ec2.amazonaws.com\nAuthorization: AWS4-HMAC-SHA256 Credential=@/20261122/x, SignedHeaders=host, Signature=@\n\nAction=DescribeVpcs",
    "POST / HTTP/1.1\r\nX-Amz-Security-Token: @\r\n\r\nAction=DescribeVpcs",
    "GET /?Action=DescribeVpcs HTTP/1.1\nCookie: session=@; other=@\n",
    "X-Subject-Token: @\nX-Auth-Token: @",
    // AWS CLI
    "aws ec2 run-instances --image-id ami-1 --user-data '@' --count 1",
    "aws ec2 run-instances --image-id ami-1 --user-data \"@\" --count 1",
    "aws ec2 run-instances --image-id ami-1 \\\n  --user-data \\\n  '#!/bin/sh\necho @\n' \\\n  --count 1",
    "aws ec2 run-instances --user-data=@ --image-id ami-1",
    "aws ec2 run-instances --user-data @ --image-id ami-1",
    "aws ec2 run-instances --user-data $'@' --image-id ami-1",
    "aws ec2 run-instances --user-data 'a '\"@\"' b' --image-id ami-1",
    "aws ec2 modify-instance-attribute --instance-id i-1 --user-data Value=@",
    "aws ec2 modify-instance-attribute --instance-id i-1 --user-data '{\"Value\": \"@\"}'",
    "aws ec2 run-instances --cli-input-json '{\"UserData\": \"#\", \"MinCount\": 1}'",
    "aws ec2 create-tags --resources i-1 --tags Key=password,Value=@ Key=Name,Value=web",
    "aws ec2 create-tags --resources i-1 --tags '[{\"Key\": \"api_token\", \"Value\": \"@\"}]'",
    "aws ec2 run-instances --tag-specifications 'ResourceType=instance,Tags=[{Key=db_password,Value=@},{Key=Name,Value=web}]'",
    "aws ec2 create-launch-template --launch-template-data '{\"ImageId\":\"ami-1\",\"UserData\":\"#\"}'",
    "AWS_SECRET_ACCESS_KEY=@ AWS_SESSION_TOKEN=@ aws ec2 describe-vpcs",
    "export AWS_SECRET_ACCESS_KEY='@'\naws ec2 describe-vpcs",
    "aws ec2 get-password-data --instance-id i-1 --priv-launch-key x --password @",
    // curl
    "curl -H 'X-Auth-Token: @' https://cloud.example.org/servers",
    "curl -H \"Authorization: Bearer @\" https://cloud.example.org/",
    "curl --aws-sigv4 aws:amz:us-east-1:ec2 -u AKIDEXAMPLE:@ https://ec2.amazonaws.com/",
    "curl --user \"name:@\" https://ec2.amazonaws.com/ -d Action=DescribeVpcs",
    "curl https://ec2.amazonaws.com/ --data 'Action=RunInstances&UserData=%'",
    "curl https://ec2.amazonaws.com/ --data-urlencode 'UserData=@' -d Action=RunInstances",
    // boto3
    "ec2.run_instances(ImageId='ami-1', UserData='@', MinCount=1)",
    "ec2.run_instances(ImageId='ami-1', UserData=\"\"\"#!/bin/sh\necho @\n\"\"\", MinCount=1)",
    "ec2.run_instances(UserData=base64.b64encode(b'@').decode(), MinCount=1)",
    "ec2.run_instances(UserData=('first '\n    '@'), MinCount=1)",
    "ec2.modify_instance_attribute(InstanceId='i-1', UserData={'Value': b'@'})",
    "boto3.client('ec2', aws_access_key_id='@', aws_secret_access_key='@', aws_session_token='@')",
    "ec2.create_tags(Resources=['i-1'], Tags=[{'Key': 'password', 'Value': '@'}])",
    "ec2.create_tags(Resources=['i-1'], Tags=[{'Value': '@', 'Key': 'password'}])",
    "params['UserData'] = '@'",
    // JSON and replies
    "{\"ImageId\": \"ami-1\", \"UserData\": \"@\"}",
    "{\"LaunchSpecification\": {\"UserData\": \"@\", \"KeyName\": \"demo\"}}",
    "{\"server\": {\"id\": \"s1\", \"adminPass\": \"@\", \"OS-EXT-SRV-ATTR:user_data\": \"@\"}}",
    "{\"keypair\": {\"name\": \"k\", \"private_key\": \"@\"}}",
    "{\"credential\": {\"type\": \"ec2\", \"blob\": \"{\\\"access\\\": \\\"a\\\", \\\"secret\\\": \\\"^\\\"}\"}}",
    "{\"auth\": {\"identity\": {\"methods\": [\"password\"], \"password\": {\"user\": {\"name\": \"demo\", \"password\": \"@\"}}}}}",
    "{\"auth\": {\"identity\": {\"token\": {\"id\": \"x\"}, \"application_credential\": {\"secret\": \"@\"}}}}",
    "{\"passwords\": [\"@\", \"@\"]}",
    "{\n  \"password\"\n  :\n  \"@\"\n}",
    "{\"output\": \"#password=@#\"}",
    // XML
    "<GetPasswordDataResponse><passwordData>@</passwordData></GetPasswordDataResponse>",
    "<item><userData><value>@</value></userData></item>",
    "<keyMaterial>@</keyMaterial>",
    // settings
    "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = @\n",
    "clouds:\n  demo:\n    auth:\n      password: @\n      username: demo\n",
    "export OS_PASSWORD=@\nexport OS_USERNAME=demo",
];

fn percent(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A place with the secret in it.
fn plant(place: &str, secret: &str) -> String {
    let mut planted = String::new();
    let mut rest = place;
    while let Some(at) = rest.find(['@', '%', '#', '^']) {
        planted.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let escape = after.len() >= 2 && after.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit);
        match rest.as_bytes()[at] {
            b'%' if escape && !after.starts_with("20261122") => planted.push('%'),
            b'%' => planted.push_str(&percent(secret)),
            b'#' if after.starts_with('!') => planted.push('#'),
            b'#' if after.starts_with("password=@#") => {
                planted.push_str(&STANDARD.encode(format!("password={secret}\n")));
                rest = &after["password=@#".len()..];
                continue;
            }
            b'#' => planted.push_str(&STANDARD.encode(secret)),
            b'@' if place.starts_with("https://demo:@@") && planted.ends_with(secret) => {
                planted.push('@')
            }
            _ => planted.push_str(secret),
        }
        rest = after;
    }
    planted + rest
}

/// Fails if a text still tells the secret.
fn hides(text: &str, secret: &str) -> Result<(), TestCaseError> {
    for form in [
        secret.to_owned(),
        percent(secret),
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
    ] {
        prop_assert!(!text.contains(&form), "{form} is still in: {text}");
    }
    Ok(())
}

proptest! {
    // Each case goes through every place.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_planted_secret_is_gone(secret in "[A-Za-z][A-Za-z0-9/+_.]{11,50}[A-Za-z0-9]") {
        for place in PLACES {
            let planted = plant(place, &secret);
            let found = scrub(&planted, &[]);
            hides(&found.text, &secret)?;
            prop_assert!(!found.replaced.is_empty());
            for one in &found.replaced {
                prop_assert_eq!(&found.text[one.span.clone()], PLACEHOLDER);
            }
            prop_assert!(is_clean(&found.text), "{}", found.text);
            prop_assert_eq!(scrub(&found.text, &[]).text, found.text);
        }
    }

}

proptest! {
    #[test]
    fn an_encoded_paste_is_seen_through(secret in "[A-Za-z0-9]{12,40}", place in 0..PLACES.len(), way in 0..4) {
        let planted = plant(PLACES[place], &secret);
        let wrapped = match way {
            0 => percent(&planted),
            1 => percent(&percent(&planted)),
            2 => STANDARD.encode(&planted),
            _ => URL_SAFE_NO_PAD.encode(&planted),
        };
        let found = scrub(&format!("see {wrapped} here"), &[]);
        prop_assert_eq!(&found.text, "see REPLACED here");
    }

    #[test]
    fn any_text_is_scrubbed_without_harm(text in "\\PC{0,200}", pieces in prop::collection::vec("(UserData|--user-data|password|Key|Value|\"|'|\\\\|=|:|[{\\[}\\]]|<|>|%2|&| |-----BEGIN|é)", 0..40)) {
        for text in [text, pieces.concat()] {
            let known = std::slice::from_ref(&(0..3));
            for one in &scrub(&text, known).replaced {
                prop_assert!(one.kind.name().len() > 4);
            }
        }
    }
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "Action=RunInstances&ImageId=ami-0b331645445b4d27bf6c67e81909778a&KeyName=demo&ClientToken=abc-123&MinCount=1",
        "Action=DescribeVpcs&SignatureVersion=4&SignatureMethod=HmacSHA256&NextToken=eyJh&Version=2016-11-15",
        "aws ec2 run-instances --image-id ami-1 --user-data file://setup.sh --client-token 1f2e --next-token x",
        "aws ec2 import-key-pair --key-name demo --public-key-material fileb://id.pub",
        "aws ec2 create-tags --resources i-1 --tags Key=Name,Value=web Key=stage,Value=test",
        "aws ec2 get-password-data --instance-id i-1",
        "Action=GetPasswordData&InstanceId=i-1",
        "ec2.describe_instances(Filters=[{'Name': 'tag:Name', 'Values': ['web']}])",
        "curl -sS \"$COMPUTE_URL/servers\" \\\n  -H \"X-Auth-Token: $OS_TOKEN\"",
        ": \"${OS_TOKEN:=$(openstack token issue -f value -c id)}\"",
        "GET {{COMPUTE_URL}}/servers HTTP/1.1\nX-Auth-Token: {{OS_TOKEN}}\nAccept: application/json",
        "{\"server\": {\"name\": \"web\", \"adminPass\": null, \"key_name\": \"demo\", \"password_expires_at\": null}}",
        "{\"keypair\": {\"public_key\": \"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDexampleexampleexampleexample demo\"}}",
        "UserData=REPLACED&Signature=REPLACED",
        "<instanceId>i-1</instanceId><reservationSet/><userData/>",
    ] {
        let found = scrub(text, &[]);
        assert_eq!(found.text, text);
        assert_eq!(found.replaced, []);
    }
}

#[test]
fn shapes_are_known_without_a_name() {
    for (text, expected) in [
        ("my key AKIAIOSFODNN7EXAMPLE is", "my key REPLACED is"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "REPLACED"),
        (
            "gAAAAABn8zJ2kq0vHcXb1m9Qw3Er5Ty7Ui9Op1As3Df5Gh7Jk9Lz1Xc3Vb5Nm7",
            "REPLACED",
        ),
        (
            "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb",
            "a\nREPLACED\nb",
        ),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn", "REPLACED"),
        (
            "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        ),
        (
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        ),
    ] {
        assert_eq!(scrub(text, &[]).text, expected);
    }
}

#[test]
fn what_the_caller_knows_goes_too() {
    let text = "put 'abc' there";
    let found = scrub(text, &[4..9, 0..0, 90..99]);
    assert_eq!(found.text, "put 'REPLACED' there");
    assert_eq!(found.replaced.len(), 1);
}

#[test]
fn long_and_hostile_texts_take_no_long_time() {
    for piece in [
        "password=",
        "<password>",
        "\"UserData\":[",
        "Key=password,",
        "%25",
        "'",
        "-----BEGIN",
        "\\\"",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        let found = scrub(&text, &[]);
        assert!(found.text.len() <= text.len() * 2, "{piece}");
    }
}
